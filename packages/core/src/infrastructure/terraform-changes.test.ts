// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, block } from "./assess.fixture.ts";

/** Type, what stands in it before and after (`-` where it is not there, ⏎ for a line end), category, dangers, action. */
const CHANGES = `
aws_security_group ¦ ingress { ⏎ cidr_blocks = ["10.0.0.0/8"] ⏎ } ¦ ingress { ⏎ cidr_blocks = ["10.0.0.0/8"] ⏎ } ⏎ ingress { ⏎ cidr_blocks = ["0.0.0.0/0"] ⏎ from_port = 22 ⏎ } ¦ network ¦ cidr-opened ¦ update
aws_security_group ¦ ingress { ⏎ cidr_blocks = ["10.0.0.0/8"] ⏎ from_port=443 ⏎ to_port=443 ⏎ } ¦ ingress { ⏎ cidr_blocks = ["10.0.0.0/8"] ⏎ from_port=0 ⏎ to_port=65535 ⏎ } ¦ network ¦ nothing ¦ update
aws_security_group ¦ egress { ⏎ cidr_blocks = ["10.0.0.0/8"] ⏎ } ¦ egress { ⏎ cidr_blocks = ["0.0.0.0/0"] ⏎ } ¦ network ¦ nothing ¦ update
aws_vpc_security_group_ingress_rule ¦ cidr_ipv4 = "10.0.0.0/8" ⏎ security_group_id = "x" ¦ cidr_ipv4 = "0.0.0.0/0" ⏎ security_group_id = "x" ¦ network ¦ cidr-opened ¦ update
aws_security_group_rule ¦ type="ingress" ⏎ source_security_group_id = aws_a.b.id ¦ type="ingress" ⏎ cidr_blocks = ["0.0.0.0/0"] ¦ network ¦ cidr-opened ¦ replace
aws_wafv2_web_acl ¦ default_action { ⏎ block {} ⏎ } ¦ default_action { ⏎ allow {} ⏎ } ¦ network ¦ protection-off ¦ update
aws_wafv2_web_acl ¦ rule { ⏎ name = "sqli" ⏎ priority=1 ⏎ action { ⏎ block {} ⏎ } ⏎ } ⏎ rule { ⏎ name="b" ⏎ priority=2 ⏎ } ¦ rule { ⏎ name="b" ⏎ priority=2 ⏎ } ¦ network ¦ protection-off ¦ update
aws_wafv2_web_acl ¦ rule { ⏎ name = "sqli" ⏎ priority=1 ⏎ action { ⏎ block {} ⏎ } ⏎ } ¦ rule { ⏎ name="sqli" ⏎ priority=1 ⏎ action { ⏎ count {} ⏎ } ⏎ } ¦ network ¦ protection-off ¦ update
aws_wafv2_web_acl ¦ rule { ⏎ name = "m" ⏎ override_action { ⏎ none {} ⏎ } ⏎ } ¦ rule { ⏎ name="m" ⏎ override_action { ⏎ count {} ⏎ } ⏎ } ¦ network ¦ protection-off ¦ update
google_compute_firewall ¦ source_ranges=["10.0.0.0/8"] ⏎ allow { ⏎ protocol="tcp" ⏎ ports=["22"] ⏎ } ¦ source_ranges=["0.0.0.0/0"] ⏎ allow { ⏎ protocol="tcp" ⏎ ports=["22"] ⏎ } ¦ network ¦ cidr-opened ¦ update
google_compute_firewall ¦ source_ranges=["0.0.0.0/0"] ⏎ deny { ⏎ protocol="all" ⏎ } ¦ - ¦ network ¦ protection-off ¦ delete
google_compute_firewall ¦ source_ranges=["10.0.0.0/8"] ⏎ deny { ⏎ protocol="all" ⏎ } ⏎ disabled = false ¦ source_ranges=["10.0.0.0/8"] ⏎ deny { ⏎ protocol="all" ⏎ } ⏎ disabled = true ¦ network ¦ protection-off ¦ update
azurerm_network_security_rule ¦ access="Deny" ⏎ direction="Inbound" ⏎ source_address_prefix="*" ⏎ priority=100 ¦ access="Allow" ⏎ direction="Inbound" ⏎ source_address_prefix="*" ⏎ priority=100 ¦ network ¦ cidr-opened ¦ update
azurerm_network_security_rule ¦ access="Deny" ⏎ direction="Inbound" ⏎ source_address_prefix="*" ⏎ priority=100 ¦ - ¦ network ¦ protection-off ¦ delete
azurerm_mssql_firewall_rule ¦ start_ip_address="203.0.113.1" ⏎ end_ip_address="203.0.113.1" ¦ start_ip_address="0.0.0.0" ⏎ end_ip_address="255.255.255.255" ¦ network ¦ cidr-opened ¦ update
google_sql_database_instance ¦ settings { ⏎ ip_configuration { ⏎ authorized_networks { ⏎ value = "203.0.113.0/24" ⏎ } ⏎ } ⏎ } ¦ settings { ⏎ ip_configuration { ⏎ authorized_networks { ⏎ value = "0.0.0.0/0" ⏎ } ⏎ } ⏎ } ¦ data ¦ cidr-opened ¦ update
aws_eks_cluster ¦ vpc_config { ⏎ public_access_cidrs = ["203.0.113.0/24"] ⏎ } ¦ vpc_config { ⏎ public_access_cidrs = ["0.0.0.0/0"] ⏎ } ¦ compute ¦ cidr-opened ¦ update
aws_eks_cluster ¦ vpc_config { ⏎ endpoint_public_access = false ⏎ } ¦ vpc_config { ⏎ endpoint_public_access = true ⏎ } ¦ compute ¦ isolation-lost ¦ update
aws_vpc_peering_connection ¦ auto_accept = false ¦ auto_accept = true ¦ network ¦ nothing ¦ update
aws_networkfirewall_rule_group ¦ rule_group { ⏎ rules_source { ⏎ stateful_rule { ⏎ action = "DROP" ⏎ } ⏎ } ⏎ } ¦ rule_group { ⏎ rules_source { ⏎ stateful_rule { ⏎ action = "PASS" ⏎ } ⏎ } ⏎ } ¦ network ¦ protection-off ¦ update
aws_route53_resolver_firewall_rule ¦ action="BLOCK" ¦ action="ALLOW" ¦ network ¦ protection-off ¦ update
cloudflare_ruleset ¦ rules { ⏎ action = "block" ⏎ expression="x" ⏎ } ¦ rules { ⏎ action = "log" ⏎ expression="x" ⏎ } ¦ network ¦ protection-off ¦ update
cloudflare_ruleset ¦ rules { ⏎ action = "block" ⏎ enabled = true ⏎ } ¦ rules { ⏎ action = "block" ⏎ enabled = false ⏎ } ¦ network ¦ protection-off ¦ update
aws_nat_gateway ¦ subnet_id = "a" ¦ - ¦ network ¦ route-changed capacity-removed ¦ delete
aws_internet_gateway ¦ vpc_id = "a" ¦ - ¦ network ¦ route-changed ¦ delete
aws_route ¦ destination_cidr_block="0.0.0.0/0" ⏎ nat_gateway_id = aws_nat_gateway.a.id ¦ destination_cidr_block="0.0.0.0/0" ⏎ gateway_id = aws_internet_gateway.a.id ¦ routing ¦ route-changed ¦ update
aws_route_table ¦ route { ⏎ cidr_block="0.0.0.0/0" ⏎ nat_gateway_id="x" ⏎ } ¦ route { ⏎ cidr_block="0.0.0.0/0" ⏎ gateway_id="igw" ⏎ } ¦ routing ¦ route-changed ¦ update
aws_lb_listener ¦ default_action { ⏎ type="forward" ⏎ target_group_arn=aws_lb_target_group.a.arn ⏎ } ¦ default_action { ⏎ type="forward" ⏎ target_group_arn=aws_lb_target_group.b.arn ⏎ } ¦ routing ¦ route-changed ¦ update
aws_lb_listener ¦ default_action { ⏎ type="authenticate-oidc" ⏎ order=1 ⏎ } ⏎ default_action { ⏎ type="forward" ⏎ order=2 ⏎ } ¦ default_action { ⏎ type="forward" ⏎ order=2 ⏎ } ¦ routing ¦ protection-off ¦ update
aws_lb_target_group ¦ health_check { ⏎ path="/health" ⏎ matcher="200" ⏎ } ¦ health_check { ⏎ path="/" ⏎ matcher="200-499" ⏎ } ¦ routing ¦ failover-changed ¦ update
aws_lb_target_group ¦ deregistration_delay=30 ¦ deregistration_delay=60 ¦ routing ¦ nothing ¦ update
aws_autoscaling_group ¦ health_check_type="ELB" ¦ health_check_type="EC2" ¦ compute ¦ failover-changed ¦ update
aws_route53_record ¦ weighted_routing_policy { ⏎ weight = 90 ⏎ } ¦ weighted_routing_policy { ⏎ weight = 10 ⏎ } ¦ failover ¦ failover-changed ¦ update
aws_route53_record ¦ ttl=60 ⏎ records=["1.2.3.4"] ¦ ttl=86400 ⏎ records=["1.2.3.4"] ¦ failover ¦ failover-changed ¦ update
aws_route53_record ¦ records=["1.2.3.4"] ¦ - ¦ failover ¦ route-changed ¦ delete
azurerm_traffic_manager_azure_endpoint ¦ priority=1 ¦ priority=2 ¦ failover ¦ failover-changed ¦ update
azurerm_traffic_manager_azure_endpoint ¦ enabled=true ¦ enabled=false ¦ failover ¦ failover-changed ¦ update
google_compute_backend_service ¦ backend { ⏎ group="a" ⏎ capacity_scaler=1.0 ⏎ } ¦ backend { ⏎ group="a" ⏎ capacity_scaler=0.0 ⏎ } ¦ routing ¦ capacity-removed ¦ update
google_compute_url_map ¦ default_service=google_compute_backend_service.a.id ¦ default_service=google_compute_backend_service.b.id ¦ routing ¦ route-changed ¦ update
aws_cloudfront_distribution ¦ origin { ⏎ domain_name="a" ⏎ } ¦ origin { ⏎ domain_name="b" ⏎ } ¦ routing ¦ route-changed ¦ update
aws_cloudfront_distribution ¦ origin_group { ⏎ origin_id="g" ⏎ failover_criteria { ⏎ status_codes=[500] ⏎ } ⏎ } ⏎ x=1 ¦ x=1 ¦ routing ¦ failover-changed ¦ update
aws_rds_cluster ¦ availability_zones=["a","b","c"] ¦ availability_zones=["a"] ¦ data ¦ capacity-removed data-store-replaced ¦ replace
aws_rds_cluster_instance ¦ count=3 ¦ count=1 ¦ data ¦ capacity-removed ¦ update
aws_rds_cluster_instance ¦ x=1 ¦ - ¦ data ¦ capacity-removed ¦ delete
aws_instance ¦ instance_type="m5.4xlarge" ¦ instance_type="t3.micro" ¦ compute ¦ nothing ¦ update
aws_autoscaling_group ¦ desired_capacity=6 ⏎ min_size=6 ¦ desired_capacity=2 ⏎ min_size=1 ¦ compute ¦ capacity-removed ¦ update
aws_appautoscaling_target ¦ min_capacity=4 ¦ min_capacity=1 ¦ compute ¦ capacity-removed ¦ update
google_container_node_pool ¦ autoscaling { ⏎ min_node_count=3 ⏎ } ¦ autoscaling { ⏎ min_node_count=0 ⏎ } ¦ compute ¦ capacity-removed ¦ update
azurerm_kubernetes_cluster ¦ default_node_pool { ⏎ zones=["1","2","3"] ⏎ } ¦ default_node_pool { ⏎ zones=["1"] ⏎ } ¦ compute ¦ capacity-removed ¦ update
azurerm_linux_virtual_machine_scale_set ¦ instances=5 ¦ instances=1 ¦ compute ¦ capacity-removed ¦ update
aws_elasticache_replication_group ¦ num_cache_clusters=3 ¦ num_cache_clusters=1 ¦ data ¦ capacity-removed ¦ update
aws_dynamodb_table ¦ read_capacity=100 ¦ read_capacity=5 ¦ data ¦ capacity-removed ¦ update
aws_iam_role ¦ max_session_duration=3600 ¦ max_session_duration=43200 ¦ iam ¦ privilege-widened ¦ update
aws_iam_role_policy_attachment ¦ policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess" ¦ policy_arn="arn:aws:iam::aws:policy/AdministratorAccess" ¦ iam ¦ privilege-widened ¦ replace
aws_ssoadmin_account_assignment ¦ - ¦ permission_set_arn="x" ⏎ principal_id="y" ¦ iam ¦ nothing ¦ create
aws_iam_user_policy_attachment ¦ - ¦ policy_arn="arn:aws:iam::aws:policy/AdministratorAccess" ⏎ user="x" ¦ iam ¦ privilege-widened ¦ create
aws_iam_openid_connect_provider ¦ client_id_list=["sts.amazonaws.com"] ¦ client_id_list=["sts.amazonaws.com","other"] ¦ iam ¦ privilege-widened ¦ update
google_project_iam_binding ¦ role="roles/editor" ⏎ members=["user:a@b.c"] ¦ role="roles/editor" ⏎ members=["user:a@b.c","domain:b.c"] ¦ iam ¦ privilege-widened ¦ update
google_service_account_iam_member ¦ - ¦ role="roles/iam.serviceAccountTokenCreator" ⏎ member="user:a@b.c" ¦ iam ¦ privilege-widened ¦ create
azurerm_role_assignment ¦ - ¦ role_definition_name="Owner" ⏎ scope="s" ¦ iam ¦ privilege-widened ¦ create
azurerm_key_vault_access_policy ¦ secret_permissions=["Get"] ¦ secret_permissions=["Get","List","Set","Delete"] ¦ iam ¦ privilege-widened ¦ update
azuread_directory_role_assignment ¦ - ¦ role_id="x" ¦ iam ¦ nothing ¦ create
aws_s3_bucket_policy ¦ policy=jsonencode({Statement=[{Effect="Deny",Principal="*",Action="s3:*",Resource="*",Condition={Bool={"aws:SecureTransport"="false"}}}]}) ¦ - ¦ iam ¦ privilege-widened ¦ delete
aws_kms_key ¦ policy=jsonencode({Statement=[{Effect="Allow",Principal={AWS="arn:aws:iam::1:root"},Action="kms:*",Resource="*"}]}) ¦ policy=jsonencode({Statement=[{Effect="Allow",Principal={AWS="*"},Action="kms:*",Resource="*"}]}) ¦ secrets ¦ wildcard-principal ¦ update
aws_secretsmanager_secret_version ¦ secret_string=var.x ¦ secret_string="hunter22hunter22" ¦ secrets ¦ secret-exposed ¦ update
aws_instance ¦ user_data="a" ¦ user_data="export DB_PASSWORD=Sup3rSecret1" ¦ compute ¦ secret-exposed ¦ update
azurerm_key_vault_secret ¦ - ¦ name="x" ⏎ value="S3cretValue99" ¦ secrets ¦ secret-exposed ¦ create
google_sql_user ¦ - ¦ name="x" ⏎ password="S3cretValue99" ¦ data ¦ secret-exposed ¦ create
aws_db_instance ¦ password=var.p ¦ manage_master_user_password=true ¦ data ¦ nothing ¦ update
aws_db_instance ¦ engine_version="14.7" ¦ engine_version="15.3" ¦ data ¦ nothing ¦ update
aws_db_instance ¦ instance_class="db.r5.large" ¦ instance_class="db.r5.xlarge" ¦ data ¦ nothing ¦ update
aws_db_instance ¦ snapshot_identifier="a" ¦ snapshot_identifier="b" ¦ data ¦ data-store-replaced ¦ replace
aws_db_instance ¦ kms_key_id="a" ⏎ storage_encrypted=true ¦ kms_key_id="b" ⏎ storage_encrypted=true ¦ data ¦ data-store-replaced ¦ replace
google_storage_bucket ¦ location="EU" ¦ location="US" ¦ data ¦ data-store-replaced ¦ replace
google_sql_database_instance ¦ region="europe-west1" ¦ region="us-east1" ¦ data ¦ data-store-replaced ¦ replace
aws_s3_bucket_lifecycle_configuration ¦ rule { ⏎ expiration { ⏎ days = 365 ⏎ } ⏎ } ¦ rule { ⏎ expiration { ⏎ days = 1 ⏎ } ⏎ } ¦ data ¦ protection-off ¦ update
aws_s3_bucket_object_lock_configuration ¦ rule { ⏎ default_retention { ⏎ mode="COMPLIANCE" ⏎ days=30 ⏎ } ⏎ } ¦ rule { ⏎ default_retention { ⏎ mode="GOVERNANCE" ⏎ days=30 ⏎ } ⏎ } ¦ data ¦ protection-off ¦ update
aws_s3_bucket_replication_configuration ¦ rule { ⏎ status="Enabled" ⏎ } ¦ rule { ⏎ status="Disabled" ⏎ } ¦ data ¦ protection-off ¦ update
aws_sqs_queue ¦ message_retention_seconds=1209600 ¦ message_retention_seconds=60 ¦ data ¦ protection-off ¦ update
aws_kms_key ¦ is_enabled=true ¦ is_enabled=false ¦ secrets ¦ protection-off ¦ update
aws_kms_key ¦ x=1 ¦ - ¦ secrets ¦ data-store-replaced ¦ delete
aws_secretsmanager_secret ¦ x=1 ¦ - ¦ secrets ¦ data-store-replaced ¦ delete
aws_cloudtrail ¦ kms_key_id=aws_kms_key.a.arn ⏎ name="x" ¦ name="x" ¦ other ¦ protection-off ¦ update
aws_cloudtrail ¦ is_organization_trail=true ¦ is_organization_trail=false ¦ other ¦ audit-off ¦ update
aws_cloudtrail ¦ event_selector { ⏎ read_write_type="All" ⏎ } ¦ event_selector { ⏎ read_write_type="WriteOnly" ⏎ } ¦ other ¦ audit-off ¦ update
google_project_iam_audit_config ¦ audit_log_config { ⏎ log_type="DATA_READ" ⏎ } ⏎ audit_log_config { ⏎ log_type="DATA_WRITE" ⏎ } ¦ audit_log_config { ⏎ log_type="DATA_READ" ⏎ } ¦ iam ¦ audit-off ¦ update
google_project_iam_audit_config ¦ audit_log_config { ⏎ log_type="DATA_READ" ⏎ } ¦ audit_log_config { ⏎ log_type="DATA_READ" ⏎ exempted_members=["user:a@b.c"] ⏎ } ¦ iam ¦ audit-off ¦ update
google_logging_project_sink ¦ filter="" ¦ filter="severity>=ERROR" ¦ other ¦ audit-off ¦ update
azurerm_monitor_diagnostic_setting ¦ enabled_log { ⏎ category="a" ⏎ } ⏎ enabled_log { ⏎ category="b" ⏎ } ¦ enabled_log { ⏎ category="a" ⏎ } ¦ other ¦ audit-off ¦ update
aws_flow_log ¦ traffic_type="ALL" ¦ traffic_type="ACCEPT" ¦ network ¦ audit-off ¦ replace
google_org_policy_policy ¦ spec { ⏎ rules { ⏎ enforce="TRUE" ⏎ } ⏎ } ¦ spec { ⏎ rules { ⏎ enforce="FALSE" ⏎ } ⏎ } ¦ iam ¦ protection-off ¦ update
google_access_context_manager_service_perimeter ¦ status { ⏎ restricted_services=["a","b"] ⏎ } ¦ status { ⏎ restricted_services=["a"] ⏎ } ¦ iam ¦ protection-off ¦ update
github_branch_protection ¦ required_status_checks { ⏎ contexts=["a","b"] ⏎ } ¦ required_status_checks { ⏎ contexts=["a"] ⏎ } ¦ pipeline ¦ protection-off ¦ update
github_repository_environment ¦ reviewers { ⏎ teams=[1] ⏎ } ⏎ environment="p" ¦ environment="p" ¦ pipeline ¦ protection-off ¦ update
aws_codepipeline ¦ stage { ⏎ name="Approve" ⏎ action { ⏎ category="Approval" ⏎ } ⏎ } ⏎ stage { ⏎ name="Deploy" ⏎ } ¦ stage { ⏎ name="Deploy" ⏎ } ¦ pipeline ¦ protection-off ¦ update
aws_codebuild_project ¦ environment { ⏎ image="aws/codebuild/standard:7.0" ⏎ } ¦ environment { ⏎ image="aws/codebuild/standard:latest" ⏎ } ¦ pipeline ¦ untrusted-code ¦ update
helm_release ¦ version="1.2.3" ¦ version=">= 1.0" ¦ compute ¦ untrusted-code ¦ update
helm_release ¦ repository="https://charts.a.example" ¦ repository="https://charts.b.example" ¦ compute ¦ untrusted-code ¦ update
kubernetes_network_policy ¦ spec { ⏎ policy_types=["Ingress"] ⏎ } ¦ - ¦ network ¦ protection-off isolation-lost ¦ delete
kubernetes_deployment ¦ spec { ⏎ replicas=3 ⏎ } ¦ spec { ⏎ replicas=1 ⏎ } ¦ compute ¦ capacity-removed ¦ update
kubernetes_deployment ¦ spec { ⏎ template { ⏎ spec { ⏎ host_network=false ⏎ } ⏎ } ⏎ } ¦ spec { ⏎ template { ⏎ spec { ⏎ host_network=true ⏎ } ⏎ } ⏎ } ¦ compute ¦ isolation-lost ¦ update
kubernetes_service ¦ spec { ⏎ type="ClusterIP" ⏎ } ¦ spec { ⏎ type="LoadBalancer" ⏎ } ¦ network ¦ cidr-opened ¦ update
kubernetes_cluster_role_binding ¦ - ¦ role_ref { ⏎ name="cluster-admin" ⏎ } ⏎ subject { ⏎ name="x" ⏎ } ¦ iam ¦ privilege-widened ¦ create
azurerm_linux_virtual_machine ¦ size="a" ¦ size="b" ¦ compute ¦ nothing ¦ update
azurerm_cosmosdb_account ¦ geo_location { ⏎ location="a" ⏎ } ⏎ geo_location { ⏎ location="b" ⏎ } ¦ geo_location { ⏎ location="a" ⏎ } ¦ data ¦ capacity-removed ¦ update
azurerm_postgresql_flexible_server ¦ high_availability { ⏎ mode="ZoneRedundant" ⏎ } ⏎ x=1 ¦ x=1 ¦ data ¦ capacity-removed ¦ update
azurerm_application_gateway ¦ waf_configuration { ⏎ enabled=true ⏎ firewall_mode="Prevention" ⏎ } ¦ waf_configuration { ⏎ enabled=true ⏎ firewall_mode="Detection" ⏎ } ¦ network ¦ protection-off ¦ update
`;

const rows = CHANGES.trim()
  .split("\n")
  .map((line) => line.split(" ¦ "));

describe("one change of one resource of Terraform", () => {
  it.each(rows)("%s: %s → %s is %s, %s, %s", (type, before, after, category, expected, action) => {
    const side = (body = "") =>
      `${block("aws_eip", "x = 1")}${body === "-" ? "" : block(type ?? "", body.replaceAll("⏎", "\n"))}`;
    const [touched] = assessFile("a.tf", side(before), side(after)).resources;
    const codes = new Set((touched?.dangers ?? []).map(({ code }) => code));
    // A wildcard is a widening by nature.
    if (expected?.includes("wildcard") === true && !expected.includes("privilege"))
      codes.delete("privilege-widened");
    const said = [...codes].sort().join(" ");
    expect([touched?.category, said === "" ? "nothing" : said, touched?.action]).toEqual([
      category,
      expected?.split(" ").sort().join(" "),
      action,
    ]);
  });
});
