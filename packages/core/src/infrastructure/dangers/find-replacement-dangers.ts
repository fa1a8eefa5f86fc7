// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatValues } from "./change-view.ts";
import { findMadeAnew } from "./made-anew.ts";

/** Things that hold data which is gone when they are. */
const STORES =
  /db_instance|dbinstance|rds_cluster$|rdscluster|dbcluster|rds::|rds_global|dynamodb_table|dynamo_?db::(?:global_)?table|s3_bucket$|s3::bucket$|storage_bucket$|storage_account|efs_file_system|efs::file_system|fsx|ebs_volume|ec2::volume|elasticache_(?:cluster|replication_group)|elasti_?cache|redshift_cluster|opensearch_domain|elasticsearch_domain|docdb_cluster|neptune_cluster|memorydb|kinesis_stream|msk_cluster|mq_broker|amazon_?mq::broker$|sql_database|sql_server|sql_instance|mysql|postgresql|mariadb|cosmosdb|redis|spanner|bigtable|bigquery_(?:dataset|table)|firestore|filestore|compute_disk|managed_disk|persistent_volume|persistent_disk|qldb|timestream|backup_vault(?!_)|sqs_queue|servicebus_(?:queue|topic|subscription)$|kms_key$|secretsmanager_secret$|secret_manager_secret$|secrets_manager::secret$|key_vault$|glacier|cassandra|keyspaces|file_system$|s3[.:/]bucket(?:_v2)?$|rds[.:/](?:instance|cluster)$|dynamodb[.:/]table$/;

/** Providers cannot change these in place: the store is deleted and made anew, empty. */
const REPLACING =
  /^(?:\w*identifier|identifier_prefix|engine|storage_encrypted|encrypted|kms_key_id|kms_key_arn|availability_zone|availability_zones|db_name|database_name|dbname|name|bucket|bucket_prefix|hash_key|range_key|attribute_\w+|key_schema|snapshot_identifier|master_username|username|character_set_name|db_subnet_group_name|location|region|resource_group_name|account_kind|creation_token|table_name|bucket_name|volume_type_id|snapshot_id|cluster_mode|node_type_id|dataset_id|table_id|zone|collation|performance_mode|network_type|db_instance_identifier|db_cluster_identifier|storage_class_name|volume_claim_templates|fifo_queue|time_zone)$/;
const CONTAINERS =
  /^(?:tags|tags_all|labels|lifecycle|timeouts|geo_locations?|locations|attribute|parameter|metadata|setting|replica|server_side_encryption_configuration|global_secondary_index|local_secondary_index|replication_configuration|lifecycle_rule|rule|cors_rule|website|logging|timeouts|depends_on)(?:\.|$)/;

/** Data stores that a change deletes, or makes anew because an attribute cannot be changed in place. */
export function findReplacementDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted && isOperated(view))
    return [{ code: "data-store-replaced", reason: "its operator deletes the data store with it" }];
  if (view.isCreated || !isStore(view)) return [];
  if (view.isDeleted)
    return [{ code: "data-store-replaced", reason: "the data store is deleted, and its data with it" }];
  return describe(
    "data-store-replaced",
    "must be made anew, without its data, for",
    findReplacing(view).map(formatValues),
  );
}

/** What an operator of a cluster, or of a cloud, keeps data in for an object. */
function isOperated({ pair: { before }, category, type, before: attributes }: ChangeView): boolean {
  if (category !== "data" || (before?.kind !== "kubernetes" && before?.kind !== "helm")) return false;
  const isCustom = attributes.some(
    ({ path, text }) => path === "api_version" && /\.[^/]*\//.test(text) && !/\.k8s\.io\//.test(text),
  );
  const isKept = attributes.some(
    ({ name, text }) => name === "deletion_policy" && /^(?:orphan|retain|abandon)$/i.test(text),
  );
  return isCustom && !isKept && !BESIDE_DATA.test(type);
}

const BESIDE_DATA =
  /backup|schedule|snapshot|restore|class$|user|pooler|location|policy|source|destination|connector|rebalance|import|catalog|parameter|subnet|monitor|job|repository/;

/** What belongs to a store and holds nothing itself. */
const PARTS =
  /_iam_|firewall|_rules?$|_policy$|network_rule|configuration|alert|administrator|parameter_group|subnet_group|cluster_instance|(?:^|_)user$|grant|_role$|association|endpoint|diagnostic|lifecycle|notification|auditing|option_group|security_group|_link$|private_|backup_vault_|encryption_key$|_database_role|access_point/;

const KNOWN = new Map<string, boolean>();

/** Of few types there are many resources. */
export function isStore({ type }: ChangeView): boolean {
  const known = KNOWN.get(type);
  if (known !== undefined) return known;
  const found = STORES.test(type) && !PARTS.test(type);
  if (KNOWN.size < 10_000 && type.length < 200) KNOWN.set(type, found);
  return found;
}

/** Whether the provider deletes the resource and makes it anew, as far as is known of its type. */
export function isReplaced(view: ChangeView): boolean {
  if (view.isCreated || view.isDeleted) return false;
  return isStore(view) ? findReplacing(view).length > 0 : findAnew(view).length > 0;
}

/** What people read, and what only Terraform does. */
const TOLD =
  /^(?:tags|tags_all|labels|lifecycle|timeouts|depends_on|provider|description|count|for_each|metadata|condition|creation_policy|update_policy|deletion_policy|update_replace_policy|skip_destroy|track_latest)(?:\.|$)/;

/** Changes of attributes that the type's documentation says make it anew. */
function findAnew(view: ChangeView): readonly AttributeChange[] {
  const anew = findMadeAnew(view.type);
  if (anew === undefined) return [];
  return view.changes.filter(({ path, before, after }) => {
    const names = path.replace(/^(?:properties|args)\./, "").split(".");
    const [first = "", second] = names;
    const isNamed = anew.names.has(first) || anew.names.has(`${first}.${second}`) || anew.names.has(path);
    if (anew.isWhole) return isNamed || (path !== "" && !TOLD.test(path));
    // What a provider fills in by itself may be left out or written down without any change.
    const isKnown = (before.length > 0 && after.length > 0) || isTurned(first, before, after);
    return isNamed && (names.length > 1 || isKnown);
  });
}

/** Switches that every provider has off where nothing is written. */
const OFF_BY_ITSELF =
  /^(?:requires_session|requires_duplicate_detection|partitioning_enabled|enable_partitioning|fifo_queue|fifo_topic|multi_region|ipv6_native)$/;

function isTurned(name: string, before: readonly string[], after: readonly string[]): boolean {
  return OFF_BY_ITSELF.test(name) && before.includes("true") !== after.includes("true");
}

function findReplacing(view: ChangeView): readonly AttributeChange[] {
  const anew = new Set(findAnew(view));
  return view.changes.filter((change) => anew.has(change) || isReplacing(view, change));
}

/** Stores that take another key while they stand. */
const REKEYED = /kinesis|sqs|sns|secret|dynamo|s3|bucket/;
/** Of an instance among several each value is its own, which may well be what it was. */
const OF_INSTANCE = /\beach\s*\.\s*(?:key|value)\b|\bcount\s*\.\s*index\b/;

function isReplacing({ type }: ChangeView, { path, name, before, after }: AttributeChange): boolean {
  if (after.some((text) => OF_INSTANCE.test(text)) && !before.some((text) => OF_INSTANCE.test(text)))
    return false;
  const key = path.replace(/^(?:properties|spec|args)\./, "");
  if (CONTAINERS.test(key) || !REPLACING.test(name)) return false;
  if (key.includes(".") && /^(?:name|location|region|zone)$/.test(name)) return false;
  if (/^kms_key_(?:id|arn)$/.test(name) && REKEYED.test(type)) return false;
  // What a provider fills in by itself may be left out or written down without any change.
  const isGone = before.length === 0 || after.length === 0;
  return !isGone || /^(?:storage_encrypted|encrypted|kms_key_id|availability_zone)$/.test(name);
}
