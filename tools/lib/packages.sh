# shellcheck shell=bash
# The Debian packages that the tree is built and tested with, and their
# installation. Sourced by the scripts beside it; docs/DEPENDENCIES.md says what
# each is for.

BL_PACKAGES=(
  # Tools.
  g++ cmake ninja-build ccache mold clang-format git python3 curl jq
  # Libraries. Those bring what their CMake files look for (c-ares, re2, curl,
  # gflags, snappy, lz4, zstd, bz2) as their own dependencies.
  libabsl-dev libcli11-dev libcpp-httplib-dev libedit-dev libexpat1-dev
  libfreetype-dev
  libgrpc++-dev
  libicu-dev libjemalloc-dev libpng-dev libprotobuf-dev libqrencode-dev
  librocksdb-dev libserialport-dev libsodium-dev libspdlog-dev libsqlite3-dev
  libssl-dev libxlsxwriter-dev libzip-dev prometheus-cpp-dev protobuf-compiler
  protobuf-compiler-grpc zlib1g-dev
  # Fonts: what receipt printers lack is drawn with them.
  fonts-dejavu-core fonts-wqy-zenhei
  # Tests and measurements.
  libgmock-dev libgtest-dev python3-cryptography
)

# Prints those of BL_PACKAGES that are not installed. dpkg-query fails when it
# knows nothing of one of them, and lists the others all the same.
bl_missing_packages() {
  local installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' \
    "${BL_PACKAGES[@]}" 2>/dev/null | sed -n 's/^installed //p') || true
  local package
  for package in "${BL_PACKAGES[@]}"; do
    grep -qxF -- "$package" <<<"$installed" || echo "$package"
  done
}

# Installs what is missing. Ends the script, with what to do, if it cannot.
bl_install_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    bl_die "this is not Debian or a relative of it (no apt-get)." \
      "Install what these are called here, then use the presets of cmake:" \
      "  ${BL_PACKAGES[*]}"
  fi
  local missing
  mapfile -t missing < <(bl_missing_packages)
  if [ ${#missing[@]} -eq 0 ]; then
    echo "  all ${#BL_PACKAGES[@]} are there"
    return
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || bl_die \
      "${#missing[@]} packages are missing, and installing them needs root." \
      "There is no sudo here; as root, run:" \
      "  apt-get update && apt-get install -y ${missing[*]}"
    as_root=(sudo)
  fi
  echo "  to install: ${missing[*]}"
  "${as_root[@]}" apt-get update -q || bl_die \
    "apt-get update failed. Is the network there, and /etc/apt in order?"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}" || bl_die \
    "apt-get install failed; its message is above." \
    "The tree is built on Debian 12 (also 13, and Ubuntu 24.04)."
}
