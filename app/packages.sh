# shellcheck shell=bash disable=SC2034
# What the project needs from Debian 12 or 13, and how it gets there. Sourced by app/demo.sh and tests/run.sh.
# Versions of libtorch-dev and qt6-* differ between the releases; the names do not.

packages_build=(
  g++ cmake ninja-build pkg-config
  libtorch-dev           # the engine's tensors
  # LibTorch's matrix products; the first shares LibTorch's thread pool, the others do where they are there already.
  'libopenblas0-openmp|libopenblas0-pthread|libopenblas0-serial'
  libdnnl-dev            # the experts' matrix products
  libsqlite3-dev libcli11-dev libfmt-dev nlohmann-json3-dev libpcre2-dev libicu-dev libsentencepiece-dev
  qt6-base-dev '?libqt6opengl6-dev' qt6-charts-dev qt6-svg-dev qt6-qpa-plugins qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
)
packages_test=(libgtest-dev libgmock-dev sqlite3)
packages_fonts=(fonts-dejavu-core fonts-noto-core fonts-noto-cjk) # Latin and right-to-left scripts, Chinese, Japanese, Korean

say() { printf '== %s\n' "$*" >&2; }

# missing_packages NAMES...: prints those not installed; of 'a|b' any one will do, else a is missing; '?a' is needed only
# where the release has it.
missing_packages() {
  local choice states policy
  for choice in "$@"; do
    # shellcheck disable=SC2086 # the alternatives are words
    states=$(dpkg-query -W -f '<${db:Status-Status}>' ${choice//[|?]/ } 2>/dev/null || true)
    [[ $states == *'<installed>'* ]] && continue
    if [[ $choice == '?'* ]]; then
      policy=$(apt-cache policy "${choice#'?'}")
      [[ $policy == *'Candidate: '[!\(]* ]] || continue
    fi
    choice=${choice%%|*}
    printf '%s\n' "${choice#'?'}"
  done
}

# install_packages NAMES...: installs what is missing, as root or through sudo.
install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "no apt here: the build goes on with what is installed (needed, by Debian's names: $*)"
    return 0
  fi
  local missing as_root=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      say "missing packages, and neither root nor sudo here; have an administrator run:"
      say "  apt-get install ${missing[*]}"
      return 1
    fi
    as_root=(sudo)
  fi
  say "installing ${#missing[@]} packages and what they need: ${missing[*]}"
  "${as_root[@]}" apt-get update || say "the package lists could not be updated; trying with the old ones"
  mapfile -t missing < <(missing_packages "$@") # the release is known only now
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# Compilers of LibTorch sources take up to 2 GB each.
build_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/MemAvailable/ {print int($2 / 2000000)}' /proc/meminfo)
  ((memory >= 1)) || memory=1
  echo $((memory < cores ? memory : cores))
}

# build_release TARGETS...: configures build/release once (ninja does it again when a list changes) and builds.
build_release() {
  if [[ ! -f build/release/build.ninja ]]; then
    say "configuring build/release"
    cmake --preset release ${CI:+-DMOESCOPE_WERROR=ON}
  fi
  say "building (the first time takes some minutes)"
  cmake --build build/release --parallel "$(build_jobs)" ${1:+--target "$@"}
}
