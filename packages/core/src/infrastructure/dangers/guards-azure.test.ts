// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

type Row = readonly [type: string, before: string, after: string, codes: string];
const P = "protection-off";

const ROWS: readonly Row[] = [
  ["azurerm_storage_account", "https_traffic_only_enabled = true", "https_traffic_only_enabled = false", P],
  ["azurerm_storage_account", "https_traffic_only_enabled = true", "", ""],
  ["azurerm_storage_account", 'min_tls_version = "TLS1_2"', 'min_tls_version = "TLS1_0"', P],
  ["azurerm_storage_account", "shared_access_key_enabled = false", "shared_access_key_enabled = true", P],
  ["azurerm_storage_account", "public_network_access_enabled = false", "", "isolation-lost"],
  [
    "azurerm_storage_account",
    'network_rules {\n default_action = "Deny"\n}',
    'network_rules {\n default_action = "Allow"\n}',
    "cidr-opened",
  ],
  [
    "azurerm_storage_account",
    "blob_properties {\n versioning_enabled = true\n}",
    "blob_properties {\n versioning_enabled = false\n}",
    P,
  ],
  [
    "azurerm_storage_account",
    "blob_properties {\n delete_retention_policy {\n days = 30\n}\n}",
    "blob_properties {\n delete_retention_policy {\n days = 1\n}\n}",
    P,
  ],
  [
    "azurerm_storage_container",
    'container_access_type = "private"',
    'container_access_type = "blob"',
    "privilege-widened wildcard-principal",
  ],
  ["azurerm_key_vault", "soft_delete_retention_days = 90", "soft_delete_retention_days = 7", P],
  ["azurerm_mssql_server", 'minimum_tls_version = "1.2"', 'minimum_tls_version = "Disabled"', P],
  [
    "azurerm_mssql_database",
    "transparent_data_encryption_enabled = true",
    "transparent_data_encryption_enabled = false",
    P,
  ],
  ["azurerm_mssql_server_security_alert_policy", 'state = "Enabled"', 'state = "Disabled"', "audit-off"],
  ["azurerm_kubernetes_cluster", "local_account_disabled = true", "local_account_disabled = false", P],
  ["azurerm_kubernetes_cluster", "azure_policy_enabled = true", "azure_policy_enabled = false", P],
  [
    "azurerm_kubernetes_cluster",
    'api_server_access_profile {\n authorized_ip_ranges = ["203.0.113.0/24"]\n}',
    "",
    "cidr-opened",
  ],
  ["azurerm_linux_web_app", "https_only = true", "https_only = false", P],
  [
    "azurerm_linux_web_app",
    'site_config {\n ftps_state = "Disabled"\n}',
    'site_config {\n ftps_state = "AllAllowed"\n}',
    P,
  ],
  [
    "azurerm_linux_web_app",
    "site_config {\n remote_debugging_enabled = false\n}",
    "site_config {\n remote_debugging_enabled = true\n}",
    P,
  ],
  [
    "azurerm_linux_web_app",
    'auth_settings_v2 {\n unauthenticated_action = "Return401"\n}',
    'auth_settings_v2 {\n unauthenticated_action = "AllowAnonymous"\n}',
    P,
  ],
  ["azurerm_container_registry", "admin_enabled = false", "admin_enabled = true", P],
  [
    "azurerm_container_registry",
    "anonymous_pull_enabled = false",
    "anonymous_pull_enabled = true",
    "protection-off wildcard-principal",
  ],
  ["azurerm_redis_cache", "non_ssl_port_enabled = false", "non_ssl_port_enabled = true", P],
  [
    "azurerm_cosmosdb_account",
    "local_authentication_disabled = true",
    "local_authentication_disabled = false",
    P,
  ],
  [
    "azurerm_web_application_firewall_policy",
    'policy_settings {\n mode = "Prevention"\n}',
    'policy_settings {\n mode = "Detection"\n}',
    P,
  ],
  ["azurerm_firewall_policy", 'threat_intelligence_mode = "Deny"', 'threat_intelligence_mode = "Off"', P],
  [
    "azurerm_linux_virtual_machine",
    "disable_password_authentication = true",
    "disable_password_authentication = false",
    P,
  ],
  [
    "azurerm_linux_virtual_machine",
    "encryption_at_host_enabled = true",
    "encryption_at_host_enabled = false",
    P,
  ],
  ["azurerm_mssql_database", "geo_backup_enabled = true", "geo_backup_enabled = false", P],
  [
    "azurerm_recovery_services_vault",
    'storage_mode_type = "GeoRedundant"',
    'storage_mode_type = "LocallyRedundant"',
    "capacity-removed",
  ],
  ["azurerm_backup_policy_vm", "retention_daily {\n count = 30\n}", "retention_daily {\n count = 7\n}", P],
  ["azurerm_network_watcher_flow_log", "enabled = true", "enabled = false", "audit-off"],
  ["azurerm_resource_group_policy_assignment", "enforce = true", "enforce = false", P],
  ["azurerm_container_group", 'ip_address_type = "Private"', 'ip_address_type = "Public"', "isolation-lost"],
];

describe("a guard that Azure's documentation names", () => {
  it.each(ROWS)("%s: %s → %s is %s", (type, before, after, expected) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(expected);
  });

  it.each(ROWS.filter(([, , after, expected]) => after !== "" && expected !== ""))(
    "%s: back from %3$s is no danger",
    (type, before, after) => {
      expect(codesOf("a.tf", block(type, after), block(type, before))).toBe("");
    },
  );
});
