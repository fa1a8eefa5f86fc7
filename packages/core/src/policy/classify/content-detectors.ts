// SPDX-License-Identifier: Apache-2.0

/** Says what in a text belongs to a kind of infrastructure, or null. Linear time; the text is anything. */
export type ContentDetector = (text: string) => string | null;

/** Detectors look at this much of a file; what is longer counts as truncated and so as undecided (T41). */
export const MAX_DETECTED_LENGTH = 1_000_000;

/** One sign of a kind: all of its patterns must occur, and `what` is what to tell people. */
interface Sign {
  readonly all: readonly RegExp[];
  readonly what: string;
}

const sign = (what: string, ...all: readonly RegExp[]): Sign => ({ all, what });

/**
 * No pattern has an unbounded repeat, so that a match costs time linear in the text whatever a change puts into it.
 * They look at text alone: an `app.txt` with Terraform in it is Terraform. Where a sign is weak it asks for a second
 * one; a false alarm costs a sign-off, a miss costs the gate.
 */
const SIGNS: Readonly<Record<string, readonly Sign[]>> = {
  terraform: [
    sign(
      "a Terraform resource or data block",
      /^[ \t]{0,40}(?:resource|data)[ \t]{1,20}"[a-z0-9_-]{1,100}"[ \t]{1,20}"/im,
    ),
    sign(
      "a Terraform provider, module, variable or output block",
      /^[ \t]{0,40}(?:provider|module|variable|output|backend)[ \t]{1,20}"[^"\n]{1,200}"[ \t]{0,20}\{/m,
    ),
    sign("a Terraform settings block", /^[ \t]{0,40}(?:terraform|locals|moved|removed)[ \t]{0,20}\{/m),
    sign(
      "a Terraform import block",
      /^[ \t]{0,40}import[ \t]{0,20}\{\s{0,40}(?:to|id|for_each)[ \t]{0,20}=/m,
    ),
    sign(
      "a Terraform JSON resource",
      /"(?:resource|data)"[ \t]{0,20}:[ \t]{0,20}\{\s{0,40}"[a-z0-9]{1,40}_[a-z0-9_]{1,100}"/,
    ),
    sign(
      "a Terragrunt block",
      /^[ \t]{0,40}(?:include|dependency)[ \t]{1,20}"[^"\n]{1,200}"[ \t]{0,20}\{|\bfind_in_parent_folders\(/m,
    ),
  ],
  cloudformation: [
    sign("a CloudFormation template", /AWSTemplateFormatVersion/),
    sign("an AWS SAM template", /AWS::Serverless-\d{4}-\d{2}-\d{2}/),
    sign(
      "a CloudFormation resource",
      /["']?Type["']?[ \t]{0,20}:[ \t]{0,20}["']?(?:AWS|Alexa|Custom)::[A-Za-z0-9]{1,60}/,
    ),
    sign(
      "an Azure Resource Manager template",
      /"\$schema"[ \t]{0,20}:[ \t]{0,20}"https?:\/\/schema\.management\.azure\.com\//,
    ),
    sign(
      "a Bicep resource",
      /^[ \t]{0,40}(?:resource|module)[ \t]{1,20}[A-Za-z0-9_]{1,100}[ \t]{1,20}'[A-Za-z]/m,
    ),
  ],
  pulumi: [
    sign("a Pulumi import", /(?:from|require\()[ \t]{0,20}["']@pulumi\//),
    sign("a Pulumi import", /^[ \t]{0,40}(?:import|from)[ \t]{1,20}pulumi(?:_[a-z_]{1,40})?\b/m),
    sign("a Pulumi import", /github\.com\/pulumi\/pulumi/),
    sign("a CDK import", /(?:from|require\()[ \t]{0,20}["'](?:aws-cdk-lib|@aws-cdk\/|cdktf|cdk8s)/),
    sign("a CDK import", /^[ \t]{0,40}(?:import|from)[ \t]{1,20}(?:aws_cdk|cdktf|cdk8s)\b/m),
    sign(
      "a Pulumi project",
      /^name:/m,
      /^runtime:[ \t]{0,20}(?:nodejs|python|go|dotnet|java|yaml)[ \t]{0,20}$/m,
    ),
  ],
  kubernetes: [
    sign(
      "a Kubernetes object (apiVersion)",
      /^[ \t-]{0,40}["']?apiVersion["']?[ \t]{0,20}:[ \t]{0,20}["']?(?:v\d|[a-z0-9.-]{1,200}\/v\d)/m,
    ),
    sign(
      "a Kubernetes object (apiVersion)",
      /"apiVersion"[ \t]{0,20}:[ \t]{0,20}"(?:v\d|[a-z0-9.-]{1,200}\/v\d)/,
    ),
  ],
  helm: [
    sign("a Helm template", /\{\{-?[ \t]{0,20}(?:include|template|toYaml|\.Values\.|\.Release\.|\.Chart\.)/),
    sign(
      "Helm values",
      /^(?:replicaCount|imagePullSecrets|nameOverride|fullnameOverride|podSecurityContext|nodeSelector|tolerations)[ \t]{0,20}:/m,
    ),
    sign("a Helm chart", /^appVersion[ \t]{0,20}:/m),
  ],
  iam: [
    sign("an IAM statement (Effect)", /["']?Effect["']?[ \t]{0,20}[:=][ \t]{0,20}["'](?:Allow|Deny)["']/i),
    sign(
      "an IAM statement (Effect)",
      /^[ \t-]{0,40}["']?Effect["']?[ \t]{0,20}:[ \t]{0,20}(?:Allow|Deny)[ \t]{0,20}$/im,
    ),
    sign("an IAM policy document", /["']2012-10-17["']/),
    sign("an IAM action", /\b(?:iam|sts|kms|organizations):(?:\*|[A-Z][A-Za-z]{1,60})/),
    sign("an IAM resource", /\b(?:aws_iam|google_[a-z_]{0,60}iam|azurerm_role|azuread_)_?[a-z_]{0,60}/),
    sign("an IAM resource", /AWS::IAM::/),
    sign("an IAM ARN", /\barn:aws[a-z-]{0,20}:iam::/),
    sign(
      "a Kubernetes role",
      /^[ \t-]{0,40}["']?kind["']?[ \t]{0,20}:[ \t]{0,20}["']?(?:Cluster)?Role(?:Binding)?["']?[ \t]{0,20},?$/m,
    ),
    sign("a Google Cloud role", /\broles\/(?:owner|editor|iam\.[a-zA-Z]{1,60})/),
  ],
  network: [
    sign(
      "a network resource",
      /\b(?:aws_(?:security_group|vpc|subnet|network_acl|lb|alb|eip|nat_gateway|internet_gateway)|google_compute_(?:firewall|network|subnetwork)|azurerm_(?:network|subnet|virtual_network|firewall|lb))/,
    ),
    sign(
      "a network resource",
      /AWS::EC2::(?:SecurityGroup|VPC|Subnet|NetworkAcl|NatGateway|InternetGateway)/,
    ),
    sign(
      "a Kubernetes network object",
      /^[ \t-]{0,40}["']?kind["']?[ \t]{0,20}:[ \t]{0,20}["']?(?:NetworkPolicy|Ingress|Gateway|Service|CiliumNetworkPolicy|GlobalNetworkPolicy)["']?[ \t]{0,20},?$/m,
    ),
    sign(
      "a CIDR setting",
      /["']?(?:cidr_blocks?|CidrIp|CidrIpv6|cidr|ip_cidr_range|address_prefix(?:es)?)["']?[ \t]{0,20}[:=]/,
    ),
    sign(
      "a firewall rule",
      /^[ \t]{0,40}(?:-A|-I|--append|--insert)[ \t]{1,20}(?:INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING)\b/m,
    ),
    sign(
      "a firewall rule",
      /^[ \t]{0,40}(?:sudo[ \t]{1,20})?ip6?tables[ \t]|^[ \t]{0,40}(?:table|chain)[ \t]{1,20}(?:inet|ip6?|input|output|forward)\b/m,
    ),
  ],
  routing: [
    sign(
      "a route or DNS resource",
      /\baws_route(?:53|_table|\b)|\bgoogle_(?:dns|compute_route)|\bazurerm_(?:dns|route)/,
    ),
    sign("a route or DNS resource", /AWS::(?:Route53|EC2::Route)/),
    sign("a DNS zone", /^\$(?:ORIGIN|TTL)\b/m),
    sign(
      "an nginx route",
      /^[ \t]{0,40}(?:proxy_pass[ \t]{1,20}https?:|server_name[ \t][^;\n]{1,300};|upstream[ \t]{1,20}[A-Za-z0-9_.-]{1,100}[ \t]{0,20}\{)/m,
    ),
    sign(
      "a Kubernetes route",
      /^[ \t-]{0,40}["']?kind["']?[ \t]{0,20}:[ \t]{0,20}["']?(?:VirtualService|DestinationRule|HTTPRoute|TCPRoute|GRPCRoute|IngressRoute)["']?[ \t]{0,20},?$/m,
    ),
    sign(
      "a routing protocol",
      /^[ \t]{0,40}(?:router[ \t]{1,20}(?:bgp|ospf|eigrp|isis)|ip[ \t]{1,20}route|protocol[ \t]{1,20}bgp)\b/m,
    ),
    sign(
      "a HAProxy section",
      /^[ \t]{0,40}(?:frontend|backend|listen)[ \t]{1,20}[A-Za-z0-9_-]{1,100}[ \t]{0,20}$/m,
      /^[ \t]{1,40}(?:bind|server|default_backend)[ \t]/m,
    ),
  ],
  dockerfile: [
    sign(
      "a Dockerfile (FROM)",
      /^FROM[ \t]{1,20}(?:--platform=[^ \t\n]{1,100}[ \t]{1,20})?[A-Za-z0-9$][^ \t\n]{0,300}(?:[ \t]{1,20}as[ \t]{1,20}[^ \t\n]{1,100})?[ \t]{0,20}$/im,
    ),
    sign("a Dockerfile (syntax)", /^#[ \t]{0,20}syntax[ \t]{0,20}=[ \t]{0,20}docker\//im),
    sign("a Compose file", /^services[ \t]{0,20}:/m, /^[ \t]{1,40}(?:image|build)[ \t]{0,20}:/m),
  ],
  ci: [
    sign("a GitHub workflow", /^["']?on["']?[ \t]{0,20}:/m, /^jobs[ \t]{0,20}:/m),
    sign(
      "a GitHub action step",
      /^[ \t]{0,40}-?[ \t]{0,20}uses[ \t]{0,20}:[ \t]{0,20}["']?[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_./-]{1,200}@/m,
    ),
    sign("a GitHub action", /^runs[ \t]{0,20}:/m, /^[ \t]{1,40}using[ \t]{0,20}:/m),
    sign("a GitLab pipeline", /^(?:stages|before_script|after_script)[ \t]{0,20}:/m),
    sign("a GitLab job", /^[^\s#][^\n]{0,200}:[ \t]{0,20}$/m, /^[ \t]{1,40}script[ \t]{0,20}:/m),
    sign(
      "a Jenkins pipeline",
      /^[ \t]{0,40}(?:pipeline|node)[ \t]{0,20}(?:\([^)\n]{0,100}\)[ \t]{0,20})?\{/m,
      /\b(?:stage|sh|agent)\b/,
    ),
    sign("an Azure pipeline", /^[ \t]{0,40}-?[ \t]{0,20}(?:vmImage|task)[ \t]{0,20}:/m),
    sign(
      "a CircleCI pipeline",
      /^version[ \t]{0,20}:[ \t]{0,20}["']?2/m,
      /^(?:jobs|orbs|workflows)[ \t]{0,20}:/m,
    ),
  ],
  ansible: [
    sign("an Ansible play", /^[ \t]{0,40}-[ \t]{1,20}hosts[ \t]{0,20}:/m),
    sign("an Ansible module", /\bansible\.(?:builtin|posix|windows)\./),
    sign("an Ansible setting", /^[ \t]{1,40}(?:become|gather_facts|ansible_[a-z_]{1,60})[ \t]{0,20}:/m),
    sign(
      "an Ansible inventory",
      /^[a-z0-9_]{0,40}ansible_(?:host|user|connection|become)[a-z_]{0,40}[ \t]{0,20}=/m,
    ),
  ],
  secrets: [
    sign("a private key", /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY-----/),
    sign("an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/),
    sign("a GitHub token", /\bgh[pousr]_[A-Za-z0-9]{36,255}\b|\bgithub_pat_[A-Za-z0-9_]{60,255}\b/),
    sign("a GitLab token", /\bglpat-[A-Za-z0-9_-]{20,100}/),
    sign("a Slack token", /\bxox[abprs]-[A-Za-z0-9-]{10,200}/),
    sign("an API key", /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,200}/),
    sign("a Google service account key", /"type"[ \t]{0,20}:[ \t]{0,20}"service_account"/),
    sign("a Kubernetes secret", /^[ \t]{0,40}kind[ \t]{0,20}:[ \t]{0,20}["']?Secret["']?[ \t]{0,20}$/m),
  ],
};

/** Content detectors by name, as a policy's `content` lists them. */
export const CONTENT_DETECTORS: ReadonlyMap<string, ContentDetector> = new Map(
  Object.entries(SIGNS).map(([name, signs]) => [
    name,
    (text) => signs.find(({ all }) => all.every((pattern) => pattern.test(text)))?.what ?? null,
  ]),
);
