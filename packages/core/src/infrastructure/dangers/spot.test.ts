// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const C = "capacity-removed";

describe("machines that a cloud takes back when it likes", () => {
  it.each([
    ["aws_eks_node_group", 'capacity_type = "ON_DEMAND"', 'capacity_type = "SPOT"', C],
    ["aws_eks_node_group", 'capacity_type = "SPOT"', 'capacity_type = "ON_DEMAND"', ""],
    ["google_container_node_pool", "node_config {\n spot = false\n}", "node_config {\n spot = true\n}", C],
    ["azurerm_kubernetes_cluster_node_pool", 'priority = "Regular"', 'priority = "Spot"', C],
    ["aws_autoscaling_group", "on_demand_base_capacity = 4", "on_demand_base_capacity = 0", C],
    ["aws_autoscaling_group", "on_demand_base_capacity = 0", "on_demand_base_capacity = 4", ""],
    ["google_container_cluster", 'location = "europe-west4"', 'location = "europe-west4-a"', C],
    ["azurerm_application_gateway", "sku {\n capacity = 4\n}", "sku {\n capacity = 1\n}", C],
    [
      "azurerm_cosmosdb_sql_container",
      'partition_key_paths = ["/a"]',
      'partition_key_paths = ["/b"]',
      "data-store-replaced",
    ],
    ["google_container_cluster", 'location = "europe-west4-a"', 'location = "europe-west4"', ""],
  ])("%s: %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });
});
