// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { categorize } from "./categorize.ts";
import { toLiteral, toObject } from "./configuration-value.ts";
import type { InfrastructureKind } from "./resource.ts";

const of = (kind: InfrastructureKind, type: string, name = "a", value = "x") =>
  categorize({
    kind,
    type,
    name,
    lines: [1, 1],
    body: toObject([{ name: "value", value: toLiteral(value), lines: [1, 1] }]),
  });

const FAMILIES = {
  iam: "aws_iam_access_key aws_organizations_policy aws_ram_resource_share aws_ssoadmin_permission_set aws_secretsmanager_secret_policy aws_ecr_repository_policy azurerm_role_assignment azurerm_user_assigned_identity azurerm_key_vault_access_policy azuread_application_password google_service_account_key google_project_iam_member google_iam_workload_identity_pool google_org_policy_policy google_kms_crypto_key_iam_binding github_team_repository github_membership okta_group kubernetes_cluster_role_binding kubernetes_service_account_v1 cloudflare_access_application aws_lambda_permission",
  network:
    "aws_vpn_connection aws_customer_gateway aws_ec2_transit_gateway_vpc_attachment aws_vpc_peering_connection aws_networkfirewall_firewall_policy aws_internet_gateway aws_nat_gateway aws_dx_connection aws_wafv2_web_acl aws_lb aws_flow_log aws_eip azurerm_virtual_network_gateway azurerm_express_route_circuit azurerm_firewall_policy azurerm_web_application_firewall_policy azurerm_public_ip azurerm_network_watcher_flow_log google_compute_vpn_tunnel google_compute_security_policy google_compute_ssl_policy google_compute_network_peering google_compute_address cloudflare_ruleset kubernetes_service_v1",
  routing:
    "aws_route_table_association aws_ec2_transit_gateway_route_table_association aws_lb_target_group aws_lb_listener_rule aws_api_gateway_method aws_apigatewayv2_route google_compute_url_map google_compute_target_https_proxy google_compute_router azurerm_subnet_route_table_association kubernetes_ingress_v1",
  failover:
    "aws_route53_record aws_route53_health_check aws_globalaccelerator_accelerator azurerm_traffic_manager_profile azurerm_private_dns_zone google_dns_record_set google_compute_health_check cloudflare_record",
  data: "aws_backup_vault_lock_configuration aws_glacier_vault aws_ebs_volume aws_volume_attachment aws_sqs_queue aws_mq_broker aws_kinesis_firehose_delivery_stream azurerm_recovery_services_vault azurerm_servicebus_namespace azurerm_mssql_server azurerm_redis_cache azurerm_managed_disk google_pubsub_topic google_sql_database_instance google_alloydb_cluster google_storage_bucket",
  secrets:
    "aws_kms_key aws_secretsmanager_secret aws_ssm_parameter aws_acm_certificate azurerm_key_vault google_kms_crypto_key google_secret_manager_secret vault_kv_secret_v2 github_actions_secret",
  compute:
    "aws_instance aws_ecs_service aws_eks_cluster aws_ssm_document aws_sfn_state_machine aws_ecr_repository azurerm_linux_web_app azurerm_service_plan azurerm_container_registry azurerm_kubernetes_cluster google_cloud_run_v2_service google_container_node_pool google_artifact_registry_repository kubernetes_deployment_v1 helm_release",
  pipeline: "aws_codebuild_project github_branch_protection github_repository gitlab_project",
  other:
    "aws_cloudtrail aws_cloudwatch_log_group google_logging_project_bucket_config azurerm_monitor_diagnostic_setting azurerm_log_analytics_workspace aws_config_configuration_recorder null_resource",
} as const;

describe("the category of a type", () => {
  for (const [category, types] of Object.entries(FAMILIES))
    it.each(types.split(" "))(`%s is ${category}`, (type) => {
      expect(of("terraform", type)).toBe(category);
    });

  it.each([
    ["kubernetes", "Job", "compute"],
    ["kubernetes", "ScaledObject", "compute"],
    ["kubernetes", "ClusterPolicy", "iam"],
    ["kubernetes", "ClusterIssuer", "secrets"],
    ["kubernetes", "Application", "pipeline"],
    ["kubernetes", "PrometheusRule", "other"],
    ["kubernetes", "CustomResourceDefinition", "other"],
    ["kubernetes", "ResourceQuota", "other"],
    ["mesh", "ServiceIntentions", "iam"],
    ["mesh", "IngressRoute", "routing"],
    ["mesh", "BackendTLSPolicy", "network"],
    ["cloudformation", "AWS::EC2::VPNConnection", "network"],
    ["cloudformation", "AWS::EC2::SubnetRouteTableAssociation", "routing"],
    ["cloudformation", "AWS::Serverless::Api", "routing"],
    ["cloudformation", "AWS::ElasticLoadBalancingV2::LoadBalancer", "network"],
    ["cloudformation", "AWS::ElasticLoadBalancingV2::Listener", "routing"],
    ["cloudformation", "AWS::StepFunctions::StateMachine", "compute"],
    ["pulumi", "aws.ec2.NatGateway", "network"],
    ["terraform", "aws_lambda_event_source_mapping", "compute"],
    ["terraform", "aws_apigatewayv2_api_mapping", "routing"],
    ["terraform", "opensearch_roles_mapping", "iam"],
    ["mesh", "Mapping", "routing"],
  ] as const)("of %s %s is %s", (kind, type, category) => {
    expect(of(kind, type)).toBe(category);
  });

  it("of a variable is what its name says, else what its value is", () => {
    expect(of("terraform", "variable", "office", "203.0.113.0/24")).toBe("network");
    expect(of("helm", "values", "ingress")).toBe("routing");
    expect(of("kubernetes", "ConfigMap", "aws-auth")).toBe("iam");
  });
});
