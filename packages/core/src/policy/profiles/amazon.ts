// SPDX-License-Identifier: Apache-2.0

/** A senior engineer signs every AI-assisted change; two sign where infrastructure is touched. */
export const AMAZON = `version: 1
description: >-
  AI-assisted changes need the sign-off of a senior engineer who is not their author; AI-assisted changes to
  infrastructure need two. Define the role "senior".
classes:
  infrastructure:
    paths:
      - "**/*.{tf,tfvars,tofu,hcl,bicep,nomad}"
      - "**/*.{tf,tofu}.json"
      - "**/{terraform,tofu,pulumi,cloudformation,infra,infrastructure,deploy,deployment,deployments}/**"
      - "**/{k8s,kubernetes,kustomize,helm,charts,ansible,puppet,chef,salt,packer,nomad}/**"
      - "**/{Chart,values,kustomization,Pulumi,serverless,template,cdk,skaffold}.{yaml,yml,json}"
      - "**/values-*.{yaml,yml}"
      - "**/{Dockerfile,Containerfile,Vagrantfile,Procfile}"
      - "**/{Dockerfile,Containerfile}.*"
      - "**/*.{Dockerfile,containerfile}"
      - "**/{docker-compose,compose}*.{yaml,yml}"
      - "**/.github/{workflows,actions}/**"
      - "**/action.{yaml,yml}"
      - "**/.gitlab-ci*"
      - "**/.gitlab/**"
      - "**/{Jenkinsfile,jenkinsfile*}"
      - "**/{azure-pipelines,bitbucket-pipelines,buildspec,appspec,cloudbuild}*.{yaml,yml}"
      - "**/{.circleci,.buildkite,.drone,.tekton,.argo,.woodpecker,.ci}/**"
      - "**/{.drone,.travis,.woodpecker,.cirrus,appveyor}.{yaml,yml}"
      - "**/{nginx,haproxy,envoy,traefik}*.{conf,cfg,yaml,yml}"
      - "**/*.zone"
    content: [terraform, cloudformation, pulumi, kubernetes, helm, iam, network, routing, dockerfile, ci, ansible]
rules:
  - id: ai-senior-sign-off
    description: a senior engineer signs off every AI-assisted change
    when: change.ai.assisted
    require: { role: senior, count: 1 }
  - id: ai-infrastructure
    description: two senior engineers sign off AI-assisted changes to infrastructure
    when: change.ai.assisted && "infrastructure" in change.classes
    require: { role: senior, count: 2, carryOver: { unless: infrastructure } }
  - id: submodule
    description: a senior engineer signs off what comes from another repository, where nobody here knows who wrote it
    when: '"submodule" in change.classes'
    require: { role: senior, count: 1 }
signalled: deny
unknown: allow
unknownAuthor: extra
policyChange: { role: senior, count: 2 }
emission: ai-assisted
`;
