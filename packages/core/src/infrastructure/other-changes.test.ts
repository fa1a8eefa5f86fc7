// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile } from "./assess.fixture.ts";

/** What, path, text before and after (`-` where there is none, ⏎ for a line end), category, dangers. */
const CHANGES = `
ca trust ¦ a.yaml ¦ apiVersion: v1⏎kind: ServiceAccount⏎metadata: { name: a, annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/a" } }⏎x: y ¦ apiVersion: v1⏎kind: ServiceAccount⏎metadata: { name: a, annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/admin" } }⏎x: y ¦ iam ¦ privilege-widened
role verbs * ¦ a.yaml ¦ apiVersion: rbac.authorization.k8s.io/v1⏎kind: Role⏎metadata: { name: a }⏎rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }] ¦ apiVersion: rbac.authorization.k8s.io/v1⏎kind: Role⏎metadata: { name: a }⏎rules: [{ apiGroups: [""], resources: [pods], verbs: ["*"] }] ¦ iam ¦ privilege-widened wildcard-action
role pods/exec ¦ a.yaml ¦ apiVersion: rbac.authorization.k8s.io/v1⏎kind: Role⏎metadata: { name: a }⏎rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }] ¦ apiVersion: rbac.authorization.k8s.io/v1⏎kind: Role⏎metadata: { name: a }⏎rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }, { apiGroups: [""], resources: [pods/exec], verbs: [create] }] ¦ iam ¦ privilege-widened
hpa min ¦ a.yaml ¦ apiVersion: autoscaling/v2⏎kind: HorizontalPodAutoscaler⏎metadata: { name: a }⏎spec: { minReplicas: 3, maxReplicas: 10 } ¦ apiVersion: autoscaling/v2⏎kind: HorizontalPodAutoscaler⏎metadata: { name: a }⏎spec: { minReplicas: 3, maxReplicas: 4 } ¦ compute ¦ capacity-removed
limits lower ¦ a.yaml ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { containers: [{ name: a, image: "r/a:1", resources: { limits: { memory: 1Gi } } }] } } } ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { containers: [{ name: a, image: "r/a:1", resources: { limits: { memory: 512Mi } } }] } } } ¦ compute ¦ capacity-removed
image bump ¦ a.yaml ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { containers: [{ name: a, image: "r.io/x/a:1" }] } } } ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { containers: [{ name: a, image: "r.io/x/a:2" }] } } } ¦ compute ¦ nothing
env added ¦ a.yaml ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { containers: [{ name: a, env: [] }] } } } ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { containers: [{ name: a, env: [{ name: LOG_LEVEL, value: debug }] }] } } } ¦ compute ¦ nothing
liveness removed ¦ a.yaml ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { containers: [{ name: a, livenessProbe: { httpGet: { path: /h } } }] } } } ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { containers: [{ name: a }] } } } ¦ compute ¦ nothing
hostPath ¦ a.yaml ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { volumes: [] } } } ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { replicas: 3, template: { spec: { volumes: [{ name: x, hostPath: { path: /var/run/docker.sock } }] } } } ¦ compute ¦ isolation-lost
PVC deleted ¦ a.yaml ¦ apiVersion: v1⏎kind: PersistentVolumeClaim⏎metadata: { name: a }⏎spec: {} ¦ - ¦ data ¦ data-store-replaced
sts deleted ¦ a.yaml ¦ apiVersion: apps/v1⏎kind: StatefulSet⏎metadata: { name: a }⏎spec: {} ¦ - ¦ compute ¦ capacity-removed
Secret data ¦ a.yaml ¦ apiVersion: v1⏎kind: Secret⏎metadata: { name: a }⏎stringData: { a: b } ¦ apiVersion: v1⏎kind: Secret⏎metadata: { name: a }⏎stringData: { a: S3cretReal } ¦ secrets ¦ secret-exposed
ExternalSecret ¦ a.yaml ¦ apiVersion: external-secrets.io/v1⏎kind: ExternalSecret⏎metadata: { name: a }⏎spec: { data: [{ secretKey: password, remoteRef: { key: a } }] } ¦ apiVersion: external-secrets.io/v1⏎kind: ExternalSecret⏎metadata: { name: a }⏎spec: { data: [{ secretKey: password, remoteRef: { key: prod/b } }] } ¦ secrets ¦ nothing
CM config ¦ a.yaml ¦ apiVersion: v1⏎kind: ConfigMap⏎metadata: { name: a }⏎data: { tls: "true" } ¦ apiVersion: v1⏎kind: ConfigMap⏎metadata: { name: a }⏎data: { tls: "false" } ¦ other ¦ nothing
strategy ¦ a.yaml ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { strategy: { rollingUpdate: { maxUnavailable: 1 } } } ¦ apiVersion: apps/v1⏎kind: Deployment⏎metadata: { name: a }⏎spec: { strategy: { rollingUpdate: { maxUnavailable: 0 } } } ¦ compute ¦ nothing
ingress host ¦ a.yaml ¦ apiVersion: networking.k8s.io/v1⏎kind: Ingress⏎metadata: { name: a }⏎spec: { rules: [{ host: a.x }] } ¦ apiVersion: networking.k8s.io/v1⏎kind: Ingress⏎metadata: { name: a }⏎spec: { rules: [{ host: b.x }] } ¦ routing ¦ route-changed
ingress removed ¦ a.yaml ¦ apiVersion: networking.k8s.io/v1⏎kind: Ingress⏎metadata: { name: a }⏎spec: { rules: [{ host: a.x }] } ¦ - ¦ routing ¦ route-changed
quota deleted ¦ a.yaml ¦ apiVersion: v1⏎kind: ResourceQuota⏎metadata: { name: a }⏎spec: {} ¦ - ¦ other ¦ protection-off
kyverno ¦ a.yaml ¦ apiVersion: kyverno.io/v1⏎kind: ClusterPolicy⏎metadata: { name: a }⏎spec: { validationFailureAction: Enforce } ¦ apiVersion: kyverno.io/v1⏎kind: ClusterPolicy⏎metadata: { name: a }⏎spec: { validationFailureAction: Audit } ¦ iam ¦ protection-off
gatekeeper ¦ a.yaml ¦ apiVersion: constraints.gatekeeper.sh/v1beta1⏎kind: K8sPSPPrivileged⏎metadata: { name: a }⏎spec: { enforcementAction: deny } ¦ apiVersion: constraints.gatekeeper.sh/v1beta1⏎kind: K8sPSPPrivileged⏎metadata: { name: a }⏎spec: { enforcementAction: dryrun } ¦ iam ¦ protection-off
webhook deleted ¦ a.yaml ¦ apiVersion: admissionregistration.k8s.io/v1⏎kind: ValidatingWebhookConfiguration⏎metadata: { name: a }⏎webhooks: [] ¦ - ¦ iam ¦ protection-off
appproject ¦ a.yaml ¦ apiVersion: argoproj.io/v1alpha1⏎kind: AppProject⏎metadata: { name: a }⏎spec: { sourceRepos: ["https://github.com/acme/a"], destinations: [{ namespace: a }] } ¦ apiVersion: argoproj.io/v1alpha1⏎kind: AppProject⏎metadata: { name: a }⏎spec: { sourceRepos: ["*"], destinations: [{ namespace: a }] } ¦ pipeline ¦ untrusted-code
appproject dest ¦ a.yaml ¦ apiVersion: argoproj.io/v1alpha1⏎kind: AppProject⏎metadata: { name: a }⏎spec: { destinations: [{ namespace: a, server: x }] } ¦ apiVersion: argoproj.io/v1alpha1⏎kind: AppProject⏎metadata: { name: a }⏎spec: { destinations: [{ namespace: "*", server: x }] } ¦ pipeline ¦ privilege-widened
app prune ¦ a.yaml ¦ apiVersion: argoproj.io/v1alpha1⏎kind: Application⏎metadata: { name: a }⏎spec: { syncPolicy: { automated: { selfHeal: true } } } ¦ apiVersion: argoproj.io/v1alpha1⏎kind: Application⏎metadata: { name: a }⏎spec: { syncPolicy: { automated: { selfHeal: false } } } ¦ pipeline ¦ protection-off
vs weights ¦ a.yaml ¦ apiVersion: networking.istio.io/v1⏎kind: VirtualService⏎metadata: { name: a }⏎spec: { http: [{ route: [{ destination: { host: a }, weight: 90 }, { destination: { host: b }, weight: 10 }] }] } ¦ apiVersion: networking.istio.io/v1⏎kind: VirtualService⏎metadata: { name: a }⏎spec: { http: [{ route: [{ destination: { host: a }, weight: 10 }, { destination: { host: b }, weight: 90 }] }] } ¦ routing ¦ route-changed
vs timeout ¦ a.yaml ¦ apiVersion: networking.istio.io/v1⏎kind: VirtualService⏎metadata: { name: a }⏎spec: { http: [{ timeout: 5s }] } ¦ apiVersion: networking.istio.io/v1⏎kind: VirtualService⏎metadata: { name: a }⏎spec: { http: [{ timeout: 50s }] } ¦ routing ¦ nothing
vs retries ¦ a.yaml ¦ apiVersion: networking.istio.io/v1⏎kind: VirtualService⏎metadata: { name: a }⏎spec: { http: [{ retries: { attempts: 3 } }] } ¦ apiVersion: networking.istio.io/v1⏎kind: VirtualService⏎metadata: { name: a }⏎spec: { http: [{ retries: { attempts: 0 } }] } ¦ routing ¦ failover-changed
vs deleted ¦ a.yaml ¦ apiVersion: networking.istio.io/v1⏎kind: VirtualService⏎metadata: { name: a }⏎spec: {} ¦ - ¦ routing ¦ route-changed
gateway tls ¦ a.yaml ¦ apiVersion: networking.istio.io/v1⏎kind: Gateway⏎metadata: { name: a }⏎spec: { servers: [{ tls: { mode: MUTUAL } }] } ¦ apiVersion: networking.istio.io/v1⏎kind: Gateway⏎metadata: { name: a }⏎spec: { servers: [{ tls: { mode: SIMPLE } }] } ¦ routing ¦ protection-off
gateway httpsRedirect ¦ a.yaml ¦ apiVersion: networking.istio.io/v1⏎kind: Gateway⏎metadata: { name: a }⏎spec: { servers: [{ tls: { httpsRedirect: true } }] } ¦ apiVersion: networking.istio.io/v1⏎kind: Gateway⏎metadata: { name: a }⏎spec: { servers: [{ tls: { httpsRedirect: false } }] } ¦ routing ¦ protection-off
authz deleted ¦ a.yaml ¦ apiVersion: security.istio.io/v1⏎kind: AuthorizationPolicy⏎metadata: { name: a }⏎spec: {} ¦ - ¦ iam ¦ protection-off
reqauth deleted ¦ a.yaml ¦ apiVersion: security.istio.io/v1⏎kind: RequestAuthentication⏎metadata: { name: a }⏎spec: {} ¦ - ¦ iam ¦ protection-off
serviceentry ¦ a.yaml ¦ - ¦ apiVersion: networking.istio.io/v1⏎kind: ServiceEntry⏎metadata: { name: a }⏎spec: { hosts: ["*.example.com"] } ¦ network ¦ nothing
linkerd server policy ¦ a.yaml ¦ apiVersion: policy.linkerd.io/v1beta3⏎kind: Server⏎metadata: { name: a }⏎spec: { accessPolicy: deny } ¦ apiVersion: policy.linkerd.io/v1beta3⏎kind: Server⏎metadata: { name: a }⏎spec: { accessPolicy: all-unauthenticated } ¦ network ¦ protection-off wildcard-principal
linkerd ns annotation ¦ a.yaml ¦ apiVersion: v1⏎kind: Namespace⏎metadata: { name: a, annotations: { config.linkerd.io/default-inbound-policy: deny } }⏎x: y ¦ apiVersion: v1⏎kind: Namespace⏎metadata: { name: a, annotations: { config.linkerd.io/default-inbound-policy: all-unauthenticated } }⏎x: y ¦ other ¦ protection-off wildcard-principal
dr lb ¦ a.yaml ¦ apiVersion: networking.istio.io/v1⏎kind: DestinationRule⏎metadata: { name: a }⏎spec: { host: a, trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } } } ¦ apiVersion: networking.istio.io/v1⏎kind: DestinationRule⏎metadata: { name: a }⏎spec: { host: a, trafficPolicy: { loadBalancer: { simple: LEAST_REQUEST } } } ¦ routing ¦ route-changed
kuma mtls ¦ a.yaml ¦ apiVersion: kuma.io/v1alpha1⏎kind: Mesh⏎metadata: { name: a }⏎spec: { mtls: { enabledBackend: ca-1 } } ¦ apiVersion: kuma.io/v1alpha1⏎kind: Mesh⏎metadata: { name: a }⏎spec: { x: y } ¦ network ¦ protection-off
values auth ¦ values.yaml ¦ auth:⏎  enabled: true ¦ auth:⏎  enabled: false ¦ iam ¦ protection-off
values backup ¦ values.yaml ¦ backup:⏎  enabled: true ¦ backup:⏎  enabled: false ¦ data ¦ protection-off
values autoscaling ¦ values.yaml ¦ autoscaling:⏎  enabled: true⏎  minReplicas: 3 ¦ autoscaling:⏎  enabled: false⏎  minReplicas: 3 ¦ compute ¦ capacity-removed
values ingress tls ¦ values.yaml ¦ ingress:⏎  hosts: [a]⏎  tls: [{ secretName: a }] ¦ ingress:⏎  hosts: [a]⏎  tls: [] ¦ routing ¦ protection-off
values resources ¦ values.yaml ¦ resources:⏎  limits: { cpu: 500m } ¦ resources:⏎  limits: { cpu: 1 } ¦ compute ¦ nothing
values pdb ¦ values.yaml ¦ podDisruptionBudget:⏎  enabled: true ¦ podDisruptionBudget:⏎  enabled: false ¦ compute ¦ protection-off
values sa ¦ values.yaml ¦ serviceAccount:⏎  create: true ¦ serviceAccount:⏎  create: false ¦ iam ¦ nothing
values rbac ¦ values.yaml ¦ rbac:⏎  clusterWide: false ¦ rbac:⏎  clusterWide: true ¦ iam ¦ privilege-widened
values metrics ¦ values.yaml ¦ metrics:⏎  enabled: false ¦ metrics:⏎  enabled: true ¦ other ¦ nothing
chart dep * ¦ Chart.yaml ¦ apiVersion: v2⏎name: a⏎dependencies: [{ name: b, version: 1.2.3, repository: "https://x.example" }] ¦ apiVersion: v2⏎name: a⏎dependencies: [{ name: b, version: "*", repository: "https://x.example" }] ¦ other ¦ untrusted-code
chart appVersion ¦ Chart.yaml ¦ apiVersion: v2⏎name: a⏎appVersion: 1.0 ¦ apiVersion: v2⏎name: a⏎appVersion: 1.1 ¦ other ¦ nothing
kust namespace ¦ kustomization.yaml ¦ resources: [a.yaml]⏎namespace: a ¦ resources: [a.yaml]⏎namespace: b ¦ other ¦ nothing
kust resource removed ¦ kustomization.yaml ¦ resources: [a.yaml, netpol.yaml] ¦ resources: [a.yaml] ¦ other ¦ protection-off
kust cm literal ¦ kustomization.yaml ¦ configMapGenerator: [{ name: a, literals: [A=b] }] ¦ configMapGenerator: [{ name: a, literals: [A=c] }] ¦ other ¦ nothing
gha write perms ¦ .github/workflows/a.yml ¦ on: push⏎permissions: { contents: read }⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: a }] } } ¦ on: push⏎permissions: { contents: write }⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: a }] } } ¦ pipeline ¦ privilege-widened
gha secret inherit ¦ .github/workflows/a.yml ¦ on: push⏎jobs: { a: { uses: ./.github/workflows/b.yml } } ¦ on: push⏎jobs: { a: { uses: ./.github/workflows/b.yml, secrets: inherit } } ¦ pipeline ¦ nothing
gha prt ¦ .github/workflows/a.yml ¦ on: pull_request⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: a }] } } ¦ on: pull_request_target⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: a }] } } ¦ pipeline ¦ untrusted-code
gha scan step removed ¦ .github/workflows/a.yml ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: make }, { name: scan, run: trivy fs . }] } } ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: make }] } } ¦ pipeline ¦ protection-off
gha timeout ¦ .github/workflows/a.yml ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, timeout-minutes: 5, steps: [{ run: a }] } } ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, timeout-minutes: 15, steps: [{ run: a }] } } ¦ pipeline ¦ nothing
gha echo secret ¦ .github/workflows/a.yml ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: a }] } } ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: "echo \${{ secrets.TOKEN }}" }] } } ¦ pipeline ¦ secret-exposed
gha if removed ¦ .github/workflows/a.yml ¦ on: push⏎jobs: { a: { if: github.ref == 'refs/heads/main', runs-on: ubuntu-24.04, steps: [{ run: ./deploy }] } } ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ run: ./deploy }] } } ¦ pipeline ¦ protection-off
gha persist creds ¦ .github/workflows/a.yml ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@8edcb1bdb4e267140fa742c62e395cd74f332709, with: { persist-credentials: false } }] } } ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@8edcb1bdb4e267140fa742c62e395cd74f332709, with: { persist-credentials: true } }] } } ¦ pipeline ¦ nothing
gitlab when manual ¦ .gitlab-ci.yml ¦ deploy: { script: [./d], when: manual } ¦ deploy: { script: [./d] } ¦ pipeline ¦ protection-off
gitlab allow_failure ¦ .gitlab-ci.yml ¦ sast: { script: [./d] } ¦ sast: { script: [./d], allow_failure: true } ¦ pipeline ¦ protection-off
gitlab image latest ¦ .gitlab-ci.yml ¦ a: { image: "node:22.1", script: [x] } ¦ a: { image: "node:latest", script: [x] } ¦ pipeline ¦ untrusted-code
gitlab curl bash ¦ .gitlab-ci.yml ¦ a: { script: [x] } ¦ a: { script: ["curl -s https://x | bash"] } ¦ pipeline ¦ untrusted-code
jenkins input ¦ Jenkinsfile ¦ pipeline {⏎ stage('d') {⏎  input 'ok?'⏎  sh './d'⏎ }⏎} ¦ pipeline {⏎ stage('d') {⏎  sh './d'⏎ }⏎} ¦ pipeline ¦ protection-off
azure checkout ¦ azure-pipelines.yml ¦ steps:⏎- script: a⏎  continueOnError: false ¦ steps:⏎- script: a⏎  continueOnError: true ¦ pipeline ¦ protection-off
circle approval ¦ .circleci/config.yml ¦ workflows: { a: { jobs: [{ hold: { type: approval } }, { d: { requires: [hold] } }] } } ¦ workflows: { a: { jobs: [{ d: {} }] } } ¦ pipeline ¦ protection-off
docker user ¦ Dockerfile ¦ FROM a:1⏎USER 1000 ¦ FROM a:1⏎USER root ¦ compute ¦ isolation-lost
docker digest dropped ¦ Dockerfile ¦ FROM a:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa⏎USER 1 ¦ FROM a:1⏎USER 1 ¦ compute ¦ untrusted-code
docker new arg ¦ Dockerfile ¦ FROM a:1⏎USER 1 ¦ FROM a:1⏎ARG VERSION=1.2⏎USER 1 ¦ compute ¦ nothing
docker secret copy ¦ Dockerfile ¦ FROM a:1⏎USER 1 ¦ FROM a:1⏎COPY id_rsa /keys/id_rsa⏎USER 1 ¦ compute ¦ secret-exposed
docker healthcheck none ¦ Dockerfile ¦ FROM a:1⏎HEALTHCHECK CMD x⏎USER 1 ¦ FROM a:1⏎HEALTHCHECK NONE⏎USER 1 ¦ compute ¦ nothing
sha dropped gha ¦ .github/workflows/a.yml ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, container: "node:22@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", steps: [{ run: a }] } } ¦ on: push⏎jobs: { a: { runs-on: ubuntu-24.04, container: "node:22", steps: [{ run: a }] } } ¦ pipeline ¦ untrusted-code
aws cond ¦ p.json ¦ {"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"v"}}}]} ¦ {"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]} ¦ iam ¦ privilege-widened
aws principal star ¦ p.json ¦ {"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"s3:GetObject","Resource":"*"}]} ¦ {"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"*"}]} ¦ iam ¦ privilege-widened wildcard-principal
aws narrowed ¦ p.json ¦ {"Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}]} ¦ {"Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"*"}]} ¦ iam ¦ nothing
ans become ¦ site.yml ¦ - hosts: all⏎  tasks: [{ name: a, command: x }] ¦ - hosts: all⏎  become: true⏎  tasks: [{ name: a, command: x }] ¦ compute ¦ privilege-widened
ans docker privileged ¦ roles/a/tasks/main.yml ¦ - name: a⏎  community.docker.docker_container: { name: a, privileged: false } ¦ - name: a⏎  community.docker.docker_container: { name: a, privileged: true } ¦ compute ¦ isolation-lost
ans docker image ¦ roles/a/tasks/main.yml ¦ - name: a⏎  community.docker.docker_container: { name: a, image: "x/y:1" } ¦ - name: a⏎  community.docker.docker_container: { name: a, image: "x/y:latest" } ¦ compute ¦ untrusted-code
ans rds ¦ roles/a/tasks/main.yml ¦ - name: a⏎  amazon.aws.rds_instance: { id: a, deletion_protection: true } ¦ - name: a⏎  amazon.aws.rds_instance: { id: a, deletion_protection: false } ¦ data ¦ protection-off
ans http url ¦ roles/a/tasks/main.yml ¦ - name: a⏎  ansible.builtin.get_url: { url: "https://x.example/a", dest: /a } ¦ - name: a⏎  ansible.builtin.get_url: { url: "http://x.example/a", dest: /a } ¦ compute ¦ untrusted-code
`;

const rows = CHANGES.trim()
  .split("\n")
  .map((line) => line.split(" ¦ "));

describe("one change of one file of another kind", () => {
  it.each(rows)("%s", (_what, path, before, after, category, expected) => {
    const side = (text = "-") => (text === "-" ? null : `${text.replaceAll("⏎", "\n")}\n`);
    const { resources, unparsed } = assessFile(path ?? "", side(before), side(after));
    const codes = new Set(resources.flatMap(({ dangers }) => dangers.map(({ code }) => code)));
    const said = [...codes].sort().join(" ");
    expect([resources.map((each) => each.category), said === "" ? "nothing" : said, unparsed]).toEqual([
      [category],
      expected?.split(" ").sort().join(" "),
      [],
    ]);
  });
});
