#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The one step of the action: fetches objects into a repository of its own and runs the gate on them. The work tree of
# the workflow is never read and nothing is checked out, so no file of the change can take part in judging it (T51).
set -euo pipefail

fail() {
  # A workflow command ends at the line; names from outside must not begin another one.
  local text=${1//'%'/'%25'}
  text=${text//$'\r'/'%0D'}
  printf '::error title=countersign::%s\n' "${text//$'\n'/'%0A'}"
  printf 'verdict=error\n' >>"$GITHUB_OUTPUT"
  exit 3
}

is_new_enough() { [ -x "$1" ] && "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) ? 0 : 1)'; }

find_node() {
  local candidate
  if [ -n "$INPUT_NODE" ]; then echo "$INPUT_NODE" && return; fi
  candidate=$(command -v node || true)
  if [ -n "$candidate" ] && is_new_enough "$candidate"; then echo "$candidate" && return; fi
  # Hosted runners keep several versions beside the one on PATH.
  while IFS= read -r candidate; do
    if is_new_enough "$candidate"; then echo "$candidate" && return; fi
  done < <(compgen -G "${RUNNER_TOOL_CACHE:-/nonexistent}/node/*/*/bin/node" | sort -rV)
  fail "needs Node 22.12 or newer; add a step before this one: uses: actions/setup-node with node-version 24"
}

# Which change: an explicit one, a merge queue's group, a pull request, or a push that has happened.
base=$INPUT_BASE head=$INPUT_HEAD target=$INPUT_TARGET
flags=()
case "$GITHUB_EVENT_NAME" in
  merge_group)
    base=${base:-$QUEUE_BASE} head=${head:-$QUEUE_HEAD} target=${target:-$QUEUE_REF}
    flags+=(--landing)
    ;;
  pull_request | pull_request_target | pull_request_review)
    head=${head:-$PR_HEAD_SHA} target=${target:-refs/heads/$PR_BASE_REF}
    flags+=("--branch=$PR_HEAD_REF" "--opener=$PR_OPENER")
    ;;
  push)
    base=${base:-$EVENT_BEFORE} head=${head:-$EVENT_AFTER} target=${target:-$EVENT_REF}
    flags+=(--landing)
    ;;
esac
[ -n "$head" ] && [ -n "$target" ] || fail "the event $GITHUB_EVENT_NAME names no change; give the inputs base, head and target"
id='^([0-9a-f]{40}|[0-9a-f]{64})$'
[[ $head =~ $id ]] || fail "head must be a full commit id, got: $head"
[[ -z $base || $base =~ $id ]] || fail "base must be a full commit id, got: $base"
[[ $target == refs/heads/* ]] || fail "target must be a full branch name such as refs/heads/main, got: $target"
if [[ $head =~ ^0+$ ]]; then
  echo "the branch was deleted; nothing to judge"
  printf 'verdict=pass\n' >>"$GITHUB_OUTPUT"
  exit 0
fi

program=$GITHUB_ACTION_PATH/dist/countersign.mjs
[ -r "$program" ] || fail "this revision of the action holds no built program; use a release tag"
node=$(find_node) || exit 3

work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/countersign.XXXXXX")
git init --quiet --bare "$work/objects.git"
cd "$work/objects.git"
# The token reaches git by its environment: arguments are visible to every process on the machine.
auth=$(printf 'x-access-token:%s' "$INPUT_TOKEN" | base64 | tr -d '\n')
fetch() {
  GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader GIT_CONFIG_VALUE_0="Authorization: Basic $auth" \
    GIT_TERMINAL_PROMPT=0 git fetch --quiet --no-tags --no-write-fetch-head "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "$@"
}
fetch "+$target:refs/remotes/origin/target" "+refs/countersign/*:refs/countersign/*" || fail "cannot fetch $target"
[ -n "$base" ] && [[ ! $base =~ ^0+$ ]] || base=$(git rev-parse --verify refs/remotes/origin/target)
have() { git cat-file -e "$1^{commit}" 2>/dev/null; }
# A pull request of a fork is reachable from this repository under refs/pull; by its id it is what the event judged.
if ! have "$head"; then fetch "$head" 2>/dev/null || fetch "+refs/pull/${PR_NUMBER//[!0-9]/}/head:refs/pull/head" || true; fi
have "$head" || fail "cannot fetch the commit $head; was it pushed over meanwhile? The newer push has its own run"
have "$base" || fetch "$base" || fail "cannot fetch the commit $base"

if [ -n "$PR_NUMBER" ]; then
  printf '%s\n\n%s\n' "$PR_TITLE" "$PR_BODY" >"$work/description"
  flags+=("--description=$work/description")
  if [ "$EVENT_ACTION" = synchronize ]; then
    flags+=("--pusher=$EVENT_SENDER")
    # What was force-pushed away has authors too (T11); GitHub keeps it, but need not for ever.
    if [[ $EVENT_BEFORE =~ $id ]] && { have "$EVENT_BEFORE" || fetch "$EVENT_BEFORE" 2>/dev/null; }; then flags+=("--version=$EVENT_BEFORE"); fi
  fi
fi

code=0
"$node" "$program" gate --base "$base" --head "$head" --target "$target" --format github \
  --write "json=$work/gate.json" --write "sarif=$work/gate.sarif" --write "markdown=$GITHUB_STEP_SUMMARY" "${flags[@]}" || code=$?
verdict=error
if [ -s "$work/gate.json" ]; then
  verdict=$(sed -n '1s/^{"verdict":"\([a-z]*\)".*/\1/p' "$work/gate.json")
  printf 'report=%s\nsarif=%s\n' "$work/gate.json" "$work/gate.sarif" >>"$GITHUB_OUTPUT"
fi
printf 'verdict=%s\n' "${verdict:-error}" >>"$GITHUB_OUTPUT"
# Two witnesses: an exit code of 0 without the word, or the word without the code, is no pass.
if [ "$code" -eq 0 ] && [ "$verdict" != pass ]; then code=3; fi
exit "$code"
