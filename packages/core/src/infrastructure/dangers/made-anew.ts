// SPDX-License-Identifier: Apache-2.0

/** Attributes that a provider cannot change in place (Terraform: "forces a new resource"; CloudFormation: "update requires replacement"). */
export interface MadeAnew {
  /** Names at the top of the resource, in snake case. */
  readonly names: ReadonlySet<string>;
  /** Whether every attribute but what people read is one of them. */
  readonly isWhole: boolean;
}

const TABLE = new Map<string, MadeAnew>();

/** A line a type: `type: attributes`; a star stands for all of them. */
function add(prefix: string, common: string, lines: string): void {
  for (const line of lines.trim().split("\n")) {
    const [types = "", attributes = ""] = line.trim().split(": ");
    const names = `${common} ${attributes}`.trim().split(" ");
    for (const type of types.split(" "))
      TABLE.set(`${prefix}${type}`, { names: new Set(names), isWhole: names.includes("*") });
  }
}

add(
  "aws_",
  "",
  `
  security_group_rule network_acl_rule iam_role_policy_attachment iam_user_policy_attachment iam_group_policy_attachment lb_target_group_attachment: *
  ec2_transit_gateway_route ec2_transit_gateway_route_table_association ec2_transit_gateway_route_table_propagation vpn_gateway_attachment vpn_connection_route vpn_gateway_route_propagation: *
  ecs_task_definition lambda_permission lambda_layer_version launch_configuration volume_attachment wafv2_web_acl_association flow_log eks_fargate_profile vpc_dhcp_options ssoadmin_account_assignment organizations_policy_attachment ssoadmin_managed_policy_attachment ssoadmin_customer_managed_policy_attachment eks_access_policy_association iam_policy_attachment ec2_client_vpn_authorization_rule ec2_client_vpn_route ami_launch_permission snapshot_create_volume_permission: *
  route_table_association: subnet_id gateway_id
  mq_broker: broker_name deployment_mode engine_type storage_type subnet_ids publicly_accessible authentication_strategy encryption_options
  sagemaker_notebook_instance: name subnet_id security_groups kms_key_id direct_internet_access
  security_group: name name_prefix description vpc_id
  vpc_security_group_ingress_rule vpc_security_group_egress_rule: security_group_id
  route: route_table_id destination_cidr_block destination_ipv6_cidr_block destination_prefix_list_id
  network_acl: vpc_id
  route_table internet_gateway: vpc_id
  subnet: vpc_id cidr_block availability_zone availability_zone_id ipv6_native outpost_arn
  vpc: cidr_block
  nat_gateway: allocation_id subnet_id connectivity_type private_ip
  eip: domain network_border_group public_ipv4_pool
  network_interface: subnet_id private_ips_count
  vpc_endpoint: vpc_id service_name vpc_endpoint_type
  vpc_peering_connection: vpc_id peer_vpc_id peer_owner_id peer_region
  vpn_connection: type static_routes_only tunnel_inside_ip_version enable_acceleration
  vpn_gateway: availability_zone amazon_side_asn
  customer_gateway: bgp_asn ip_address type certificate_arn
  ec2_transit_gateway_vpc_attachment: transit_gateway_id vpc_id
  instance: ami availability_zone subnet_id key_name private_ip placement_group tenancy associate_public_ip_address hibernation ephemeral_block_device network_interface
  launch_template: name name_prefix
  autoscaling_group: name name_prefix
  lb alb: name name_prefix internal load_balancer_type
  elb: name name_prefix availability_zone internal
  lb_listener alb_listener: load_balancer_arn
  lb_listener_rule alb_listener_rule: listener_arn
  lb_target_group alb_target_group: name name_prefix port protocol protocol_version vpc_id target_type ip_address_type
  ecs_service: cluster name launch_type scheduling_strategy deployment_controller
  ecs_cluster: name
  eks_cluster: name role_arn kubernetes_network_config outpost_config
  eks_node_group: cluster_name node_group_name node_role_arn subnet_ids instance_types ami_type capacity_type disk_size remote_access
  eks_access_entry: cluster_name principal_arn type
  eks_addon: cluster_name addon_name
  eks_pod_identity_association: cluster_name namespace service_account
  ecr_repository: name encryption_configuration
  lambda_function: function_name package_type
  lambda_alias: name function_name
  lambda_event_source_mapping: event_source_arn starting_position
  lambda_function_url: function_name qualifier
  iam_role: name name_prefix path
  iam_policy: name name_prefix path description
  iam_instance_profile: name name_prefix path
  iam_role_policy iam_user_policy iam_group_policy: name role user group
  iam_access_key: user
  kms_key: customer_master_key_spec key_usage multi_region custom_key_store_id
  kms_alias secretsmanager_secret cloudwatch_log_group codebuild_project codepipeline cloudtrail db_subnet_group elasticache_subnet_group: name name_prefix
  db_parameter_group rds_cluster_parameter_group elasticache_parameter_group: name name_prefix family
  ssm_parameter: name data_type
  sns_topic: name name_prefix fifo_topic
  sns_topic_subscription: topic_arn protocol endpoint
  sqs_queue: name name_prefix fifo_queue
  s3_bucket_policy s3_bucket_public_access_block s3_bucket_versioning s3_bucket_acl: bucket
  route53_record: zone_id name type set_identifier
  route53_zone: name delegation_set_id
  route53_health_check: type request_interval measure_latency reference_name
  acm_certificate: domain_name validation_method subject_alternative_names key_algorithm certificate_authority_arn
  api_gateway_method: rest_api_id resource_id http_method
  api_gateway_resource: rest_api_id parent_id
  api_gateway_stage: rest_api_id stage_name
  apigatewayv2_api: protocol_type
  apigatewayv2_route apigatewayv2_authorizer: api_id
  apigatewayv2_integration: api_id integration_type
  efs_mount_target: file_system_id subnet_id ip_address
  efs_file_system: creation_token encrypted kms_key_id performance_mode availability_zone_name
  ebs_volume: availability_zone encrypted kms_key_id snapshot_id outpost_arn multi_attach_enabled
  elasticache_replication_group: replication_group_id at_rest_encryption_enabled subnet_group_name kms_key_id port engine data_tiering_enabled snapshot_arns
  msk_cluster: cluster_name
  opensearch_domain elasticsearch_domain: domain_name
  cognito_user_pool: alias_attributes username_attributes
  wafv2_web_acl: name scope
  sfn_state_machine: name type
  globalaccelerator_endpoint_group: listener_arn endpoint_group_region
  key_pair: key_name public_key
`,
);

add(
  "aws_",
  "",
  `
  ec2_security_group_ingress ec2_security_group_egress lambda_version ec2_vpc_peering_connection ec2_transit_gateway_route ec2_transit_gateway_route_table_association ec2_flow_log auto_scaling_launch_configuration wa_fv2_web_acl_association waf_v2_web_acl_association ec2_subnet_route_table_association: *
  ec2_security_group: group_name group_description vpc_id
  ec2_network_acl_entry: network_acl_id rule_number egress
  ec2_route: route_table_id destination_cidr_block destination_ipv6_cidr_block
  ec2_subnet: vpc_id cidr_block availability_zone
  ec2_vpc: cidr_block
  ec2_nat_gateway: subnet_id allocation_id connectivity_type
  ec2_vpc_endpoint: vpc_id service_name vpc_endpoint_type
  ec2_vpn_connection: type static_routes_only
  ec2_customer_gateway: bgp_asn ip_address type
  ec2_instance: image_id availability_zone subnet_id key_name network_interfaces private_ip_address tenancy
  ec2_volume: availability_zone encrypted kms_key_id snapshot_id
  ec2_launch_template: launch_template_name
  elasti_cache_replication_group: replication_group_id at_rest_encryption_enabled cache_subnet_group_name kms_key_id port snapshot_arns
  elastic_load_balancing_v2_load_balancer: name scheme type
  elastic_load_balancing_v2_target_group: name port protocol vpc_id target_type protocol_version
  elastic_load_balancing_v2_listener: load_balancer_arn
  elastic_load_balancing_v2_listener_rule: listener_arn
  elastic_load_balancing_load_balancer: load_balancer_name scheme
  auto_scaling_auto_scaling_group: auto_scaling_group_name instance_id
  iam_user: user_name
  iam_group: group_name
  iam_managed_policy: managed_policy_name path description
  lambda_url: target_function_arn qualifier
  eks_nodegroup: cluster_name nodegroup_name node_role subnets instance_types ami_type capacity_type disk_size remote_access
  sns_subscription: endpoint protocol topic_arn
  route53_record_set: hosted_zone_id hosted_zone_name name
  route53_hosted_zone: name
  logs_log_group: log_group_name
  secrets_manager_secret: name
  api_gateway_v2_route api_gateway_v2_integration: api_id
  certificate_manager_certificate: domain_name subject_alternative_names validation_method
  step_functions_state_machine: state_machine_name state_machine_type
`,
);
/** What CloudFormation calls otherwise than Terraform, of types of one name. */
const ALSO: Readonly<Record<string, string>> = {
  aws_iam_role: "role_name",
  aws_iam_instance_profile: "instance_profile_name",
  aws_ecs_service: "service_name",
  aws_ecs_cluster: "cluster_name",
  aws_ecr_repository: "repository_name",
  aws_eks_cluster: "encryption_config",
  aws_kms_key: "key_spec",
  aws_kms_alias: "alias_name",
  aws_sns_topic: "topic_name",
  aws_sqs_queue: "queue_name",
};
for (const [type, name] of Object.entries(ALSO)) {
  const known = TABLE.get(type);
  if (known !== undefined) TABLE.set(type, { ...known, names: new Set([...known.names, name]) });
}

add(
  "azurerm_",
  "name resource_group_name location",
  `
  role_assignment: scope role_definition_id role_definition_name principal_id principal_type delegated_managed_identity_resource_id
  subnet_network_security_group_association subnet_route_table_association network_interface_security_group_association container_group: *
  subnet: virtual_network_name
  network_security_rule: network_security_group_name
  route: route_table_name
  role_definition: role_definition_id scope
  kubernetes_cluster: dns_prefix dns_prefix_private_cluster node_resource_group private_cluster_enabled private_dns_zone_id role_based_access_control_enabled disk_encryption_set_id
  kubernetes_cluster_node_pool: kubernetes_cluster_id os_sku os_type priority eviction_policy node_public_ip_prefix_id
  linux_virtual_machine windows_virtual_machine: admin_username admin_password availability_set_id computer_name custom_data disable_password_authentication priority provision_vm_agent secure_boot_enabled source_image_id source_image_reference vtpm_enabled zone plan
  linux_virtual_machine_scale_set: admin_username admin_password computer_name_prefix priority secure_boot_enabled upgrade_mode vtpm_enabled zone_balance
  public_ip: sku sku_tier zones ip_version
  lb: sku sku_tier
  nat_gateway firewall: sku_name zones
  application_gateway redis_cache: zones subnet_id
  storage_account: account_tier is_hns_enabled nfsv3_enabled infrastructure_encryption_enabled queue_encryption_key_type table_encryption_key_type
  storage_container: storage_account_id storage_account_name
  mssql_server: version administrator_login
  mssql_database: server_id collation ledger_enabled create_mode
  postgresql_flexible_server mysql_flexible_server: delegated_subnet_id geo_redundant_backup_enabled source_server_id
  key_vault_key: key_vault_id key_type key_size curve
  key_vault_secret: key_vault_id
  cosmosdb_account: kind free_tier_enabled key_vault_key_id
  cosmosdb_sql_container: partition_key_path partition_key_paths partition_key_kind
  managed_disk: zone create_option source_resource_id security_type
  container_registry: zone_redundancy_enabled
  private_endpoint: subnet_id
  virtual_network_peering: virtual_network_name remote_virtual_network_id
  virtual_network_gateway: type vpn_type
  virtual_network_gateway_connection: type virtual_network_gateway_id express_route_circuit_id
  monitor_diagnostic_setting: target_resource_id
  service_plan: os_type
  dns_a_record dns_cname_record: zone_name
  container_app: container_app_environment_id
  servicebus_namespace: infrastructure_encryption_enabled
  servicebus_queue servicebus_topic: namespace_id namespace_name requires_session requires_duplicate_detection partitioning_enabled enable_partitioning
  servicebus_subscription: topic_id topic_name requires_session
`,
);

add("mongodbatlas_", "project_id", "project_ip_access_list: *");

add(
  "google_",
  "name project",
  `
  project_iam_member organization_iam_member folder_iam_member storage_bucket_iam_member cloud_run_service_iam_member service_account_iam_member compute_route service_account_key compute_instance_template: *
  project_iam_binding organization_iam_binding folder_iam_binding storage_bucket_iam_binding: role
  sql_database_instance: region encryption_key_name
  sql_database: instance
  storage_bucket: location hierarchical_namespace
  compute_instance: zone boot_disk network_interface.network network_interface.subnetwork network_interface.subnetwork_project hostname scratch_disk guest_accelerator
  compute_disk: zone type image snapshot disk_encryption_key
  compute_firewall: direction
  compute_network_firewall_policy_rule compute_firewall_policy_rule compute_region_network_firewall_policy_rule: firewall_policy priority
  compute_network: auto_create_subnetworks
  compute_subnetwork: region network
  compute_router: network region
  compute_router_nat: router region
  compute_address: address address_type region subnetwork network_tier
  compute_forwarding_rule: ip_address ip_protocol region network subnetwork load_balancing_scheme ports port_range
  compute_global_forwarding_rule: ip_address ip_protocol port_range network
  compute_instance_group_manager: zone base_instance_name
  compute_region_instance_group_manager: region base_instance_name distribution_policy_zones
  compute_vpn_tunnel: peer_ip ike_version shared_secret router vpn_gateway region
  compute_network_peering: network peer_network
  container_cluster: location network subnetwork cluster_ipv4_cidr enable_autopilot datapath_provider networking_mode ip_allocation_policy
  container_node_pool: cluster location max_pods_per_node
  kms_crypto_key: key_ring purpose destroy_scheduled_duration
  kms_key_ring bigquery_dataset alloydb_cluster: location dataset_id cluster_id
  secret_manager_secret: replication secret_id
  pubsub_subscription: topic filter enable_message_ordering
  bigquery_table: dataset_id table_id
  spanner_instance: config
  spanner_database: instance database_dialect encryption_config
  redis_instance: region location_id alternative_location_id tier transit_encryption_mode authorized_network connect_mode customer_managed_key
  filestore_instance: tier location zone kms_key_name networks
  dns_record_set: managed_zone
  dns_managed_zone: dns_name visibility
  service_account: account_id
  cloud_run_service cloud_run_v2_service cloudfunctions2_function artifact_registry_repository: location repository_id format
`,
);

add(
  "",
  "",
  `
  deployment daemon_set replica_set: spec.selector
  stateful_set: spec.selector spec.service_name spec.volume_claim_templates
  job: spec.template spec.selector
  role_binding cluster_role_binding: role_ref
`,
);

/** By the type in snake case, whatever separates its parts; of Pulumi's names the provider's part may be left out. */
export function findMadeAnew(type: string): MadeAnew | undefined {
  const key = type.replace(/(?:::|[./:])+/g, "_");
  const own = TABLE.get(key) ?? TABLE.get(`aws_${key}`);
  // `aws.ec2.SecurityGroupRule` is `aws_security_group_rule` to the provider that it bridges.
  return own ?? (/[.:]/.test(type) ? TABLE.get(`aws_${key.replace(/^(?:aws_)?[a-z0-9]+_/, "")}`) : undefined);
}
