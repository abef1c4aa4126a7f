# shellcheck shell=bash
# Numbered steps with their times, and the build. Sourced by tools/test and
# tools/demo, which set BL_STEPS to the number of their steps.

bl_die() {
  printf '\n%s: %s\n' "${0##*/}" "$1" >&2
  shift
  [ $# -eq 0 ] || printf '%s\n' "$@" >&2
  exit 1
}

bl_step_number=0

# bl_step NAME COMMAND...: runs it under a heading and prints how long it took.
bl_step() {
  local name=$1 began=$SECONDS
  shift
  bl_step_number=$((bl_step_number + 1))
  printf '[%d/%d] %s\n' "$bl_step_number" "$BL_STEPS" "$name"
  "$@" || bl_die "step $bl_step_number ($name) failed; see above"
  printf '  %s: %d s\n' "$name" $((SECONDS - began))
}

# How many compilers to run at a time: one per core, but one per 2 GiB of
# memory, which is what the largest of our sources takes.
bl_jobs() {
  local cores memory_gib
  cores=$(nproc)
  memory_gib=$(awk '/^MemTotal/ {print int($2 / 1048576)}' /proc/meminfo)
  local by_memory=$(((memory_gib + 1) / 2))
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

bl_configure() {
  cmake --preset "$1" -Wno-dev --log-level=WARNING
}

# bl_build PRESET [TARGET...]
bl_build() {
  local preset=$1 targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  NINJA_STATUS='  [%f/%t, %es] ' \
    cmake --build --preset "$preset" --parallel "$(bl_jobs)" "${targets[@]}"
}
