// SPDX-License-Identifier: Apache-2.0
import { literalOf } from "./configuration-value.ts";
import { toSnake } from "./dangers/change-view.ts";
import type { Category, DeclaredResource } from "./resource.ts";

/** Groups of APIs by what their operators look after, whatever their kinds are called; a kind of its own stands first. */
const BY_GROUP: readonly (readonly [Category, RegExp])[] = [
  [
    "iam",
    /^(?:SecurityPolicy gateway\.envoyproxy\.io|TrafficTarget access\.smi-spec\.io)$|^(?:KafkaUser|(?:Postgres|Database|MySQL|Mongo\w*|Redis|Rabbitmq)?User|Grant|Privilege\w*|Permission|AuthConfig|SecurityContextConstraints|Sandbox\w*) |^\S+ (?:[\w.-]+\.)?(?:kyverno\.io|gatekeeper\.sh|policy\.sigstore\.dev|policies\.kubewarden\.io|policy\.open-cluster-management\.io|authorization\.openshift\.io|user\.openshift\.io|authorino\.kuadrant\.io|iam\.[\w.-]+)$/,
  ],
  [
    "compute",
    /^(?:Rollout|HelmRelease|KafkaConnect|KafkaBridge|KafkaMirrorMaker\w*) |^Service serving\.knative\.dev$/,
  ],
  [
    "pipeline",
    /^\S+ (?:argoproj\.io|[\w.-]+\.toolkit\.fluxcd\.io|(?:[\w.-]+\.)?tekton\.dev|actions\.(?:github\.com|summerwind\.dev)|kargo\.akuity\.io|flagger\.app|jenkins\.io|build\.openshift\.io|shipwright\.io|fleet\.cattle\.io)$/,
  ],
  [
    "secrets",
    /^EncryptionConfiguration |^\S+ (?:(?:[\w.-]+\.)?external-secrets\.io|(?:acme\.)?cert-manager\.io|bitnami\.com|secrets\.hashicorp\.com|secrets-store\.csi\.x-k8s\.io|isindir\.github\.com|trust\.cert-manager\.io)$/,
  ],
  [
    "data",
    /^\S+ (?:postgresql\.cnpg\.io|acid\.zalan\.do|postgres-operator\.crunchydata\.com|stackgres\.io|kubedb\.com|(?:[\w.-]+\.)?mongodb\.com|(?:mongodbcommunity|atlas)\.mongodb\.com|(?:psmdb|pxc|pgv2|ps)\.percona\.com|kafka\.strimzi\.io|platform\.confluent\.io|cluster\.redpanda\.com|databases\.spotahome\.com|redis\.redis\.opstreelabs\.in|app\.redislabs\.com|k8ssandra\.io|cassandra\.datastax\.com|(?:elasticsearch|kibana|logstash)\.k8s\.elastic\.co|opensearch\.opster\.io|mysql\.(?:oracle\.com|presslabs\.org)|moco\.cybozu\.com|planetscale\.com|k8s\.mariadb\.com|scylla\.scylladb\.com|clickhouse\.altinity\.com|minio\.min\.io|ceph\.rook\.io|objectbucket\.io|longhorn\.io|snapshot\.storage\.k8s\.io|storage\.k8s\.io|velero\.io|(?:[\w.-]+\.)?appscode\.com|k8up\.io|rabbitmq\.com|couchbase\.com|pingcap\.com|crdb\.cockroachlabs\.com|yugabyte\.com|neo4j\.com|milvus\.io|zookeeper\.pravega\.io|solr\.apache\.org|druid\.apache\.org|etcd\.database\.coreos\.com|volsync\.backube)$/,
  ],
  [
    "network",
    /^\S+ (?:cilium\.io|(?:crd\.)?projectcalico\.org|metallb\.io|kube-ovn\.io|k8s\.ovn\.org|policy\.networking\.k8s\.io|k8s\.cni\.cncf\.io|submariner\.io|antrea\.io)$/,
  ],
  [
    "routing",
    /^\S+ (?:gateway\.envoyproxy\.io|gateway\.kgateway\.dev|(?:split|specs)\.smi-spec\.io|(?:gateway|gloo|networking\.gloo)\.solo\.io)$/,
  ],
  ["failover", /^\S+ (?:externaldns\.k8s\.io|k8gb\.absa\.oss)$/],
  [
    "compute",
    /^\S+ (?:keda\.sh|karpenter\.(?:sh|k8s\.aws)|(?:[\w.-]+\.)?cluster\.x-k8s\.io|autoscaling\.k8s\.io|kubevirt\.io|serving\.knative\.dev|kubelet\.config\.k8s\.io|kubeadm\.k8s\.io|ray\.io|sparkoperator\.k8s\.io|kueue\.x-k8s\.io|apps\.kruise\.io|node\.k8s\.io)$/,
  ],
  [
    "other",
    /^\S+ (?:monitoring\.coreos\.com|monitoring\.googleapis\.com|grafana\.integreatly\.org|logging(?:-extensions)?\.banzaicloud\.io|logging\.openshift\.io|observability\.openshift\.io|fluent(?:bit|d)\.fluent\.io|loki\.grafana\.com|opentelemetry\.io|audit\.k8s\.io|falco\.org)$/,
  ],
];

/** Controllers that make what a cloud has: the service stands in the group, `rds.aws.upbound.io`. */
const CLOUD =
  /^([a-z0-9-]+)\.(?:aws|azure|gcp|google)\.(?:m\.)?(?:upbound|crossplane)\.io$|^([a-z0-9-]+)\.services\.k8s\.aws$|^([a-z0-9-]+)\.cnrm\.cloud\.google\.com$|^([a-z0-9-]+)\.azure\.com$/;

const CONFIG_MAPS: readonly (readonly [Category, RegExp])[] = [
  ["iam", /^(?:aws-auth|argocd-rbac-cm|extension-apiserver-authentication)$/],
  [
    "pipeline",
    /^(?:argocd-cm|argocd-cmd-params-cm|argo-workflows-workflow-controller-configmap|workflow-controller-configmap|argo-rollouts-config|feature-flags-tekton|image-updater-config)$/,
  ],
  ["failover", /^(?:coredns|coredns-custom|kube-dns|node-local-dns)$/],
  ["network", /^(?:kube-proxy|cilium-config|calico-config|kube-flannel-cfg)$/],
];

/** What an object of a cluster is by its group and by well-known names; undefined where its kind alone tells. */
export function categorizeObject({ kind, type, name, body }: DeclaredResource): Category | undefined {
  if (kind !== "kubernetes" && kind !== "helm" && kind !== "mesh") return undefined;
  if (type === "ConfigMap") return CONFIG_MAPS.find(([, pattern]) => pattern.test(name))?.[0];
  const group = (literalOf(body, "apiVersion") ?? "").split("/")[0] ?? "";
  return BY_GROUP.find(([, pattern]) => pattern.test(`${type} ${group}`))?.[0];
}

/** `rds_instance` for an Instance of `rds.aws.upbound.io`, which is what a cloud's own tool would call it. */
export function toCloudType({ kind, type, body }: DeclaredResource): string | undefined {
  if (kind !== "kubernetes" && kind !== "helm") return undefined;
  const group = (literalOf(body, "apiVersion") ?? "").split("/")[0] ?? "";
  const service = CLOUD.exec(group)
    ?.slice(1)
    .find((each) => each !== undefined);
  if (service === undefined) return undefined;
  const own = toSnake(type);
  return own.startsWith(`${toSnake(service)}_`) ? own : `${toSnake(service)}_${own}`;
}
