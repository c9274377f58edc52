#!/usr/bin/env bash
# The shape of the house: check_layers.sh SOURCE BUILD. Includes point inward, each library is known in one
# folder, headers stand alone, lists are complete, names have the prefix, files and functions stay short.
# Each rule names its offenders; no offender is good.
set -u
cd "$1" || exit 1
build=$2
passed=0
failed=0

# rule SENTENCE COMMAND...: what the command prints offends.
rule() {
  local sentence=$1 offenders
  shift
  offenders=$("$@")
  if [ -z "$offenders" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'not so: %s\n' "$sentence"
    head -n 20 <<<"$offenders"
  fi
}

sources() { find "$@" \( -name '*.c' -o -name '*.h' \) -type f | sort; }
# grep_in PATTERN FOLDER...
# shellcheck disable=SC2046
grep_in() { grep -nE "$1" $(sources "${@:2}") /dev/null; }
includes() { grep_in "#[[:space:]]*include[[:space:]]*[<\"]($1)" "${@:2}"; }

# ---- includes ----
rule 'engine/ includes nothing outward' includes '(scenarios|io|bench|tests)/' engine
rule 'scenarios/ includes engine/ only' includes '(io|bench|tests)/' scenarios
rule 'nobody includes tests/ or bench/' includes '(bench|tests)/' io
rule 'io/store does not know the readers or the program' includes 'io/(readers|cli)/' io/store
rule 'io/readers does not know the store or the program' includes 'io/(store|cli)/' io/readers
rule 'includes are written from the root' grep_in '#[[:space:]]*include[[:space:]]*"[^/"]*"' engine scenarios io

# ---- libraries ----
outside() { includes "$1" engine scenarios io tests | grep -v "^$2/"; } # header, the folder that may
rule 'HDF5 is known in io/store only' outside '(hdf5|hdf5_hl|H5[A-Za-z]*)\.h' io/store
rule 'libyaml is known in io/readers only' outside 'yaml\.h' io/readers
rule 'MPI is known in io/cluster only' outside 'mpi\.h' io/cluster
rule 'jansson and argp are known in io/cli only' outside '(jansson|argp)\.h' io/cli
rule 'CUnit is known in tests/ only' includes 'CUnit/' engine scenarios io

# ---- threads and lanes ----
# Files that start threads: those that draw, prepare, simulate and reduce, and the sweep's loops over up to 2^24
# combinations, where calling tj_parallel for each would cost more than the work. Everything else calls tj_parallel.
starters='draws|base|parallel|simulate_lanes|ensemble|ensemble_city|ensemble_parts|sweep_city|sweep_count|sweep_mean|sweep_quantile|sweep_send|sweep_simulate|totals'
threads() {
  grep_in '#[[:space:]]*pragma[[:space:]]+omp[[:space:]]' engine scenarios io |
    grep -vE 'omp[[:space:]]+(declare[[:space:]]+)?simd' | grep -vE "^engine/($starters)\.c:"
}
rule "threads are started in engine/ only, by $starters" threads
rule 'omp simd stands in engine/ only' grep_in 'omp[[:space:]]+(declare[[:space:]]+)?simd' scenarios io

# ---- manners ----
talkers() {
  grep_in '(^|[^a-z_])(printf|fprintf|puts|fputs|putchar|perror|exit|_exit|abort)[[:space:]]*\(' \
    engine scenarios io/readers io/store | grep -vE '^[^:]*:[0-9]+:[[:space:]]*(\*|/\*|//)'
}
rule 'nothing below io/cli prints or exits' talkers
rule 'nothing is left to be done' grep_in '(^|[^A-Za-z])(TODO|FIXME|XXX|HACK)([^A-Za-z]|$)' engine scenarios io tests

# ---- sizes ----
long_files() { sources engine scenarios io tests bench | xargs wc -l | awk '$2 != "total" && $1 > 600 {print $2 ": " $1 " lines"}'; }
rule 'files have at most 600 lines' long_files
long_functions() {
  sources engine scenarios io | xargs awk 'FNR == 1 {start = 0} /^\{$/ {start = FNR}
    /^\}/ {if (start && FNR - start - 1 > 60) print FILENAME ":" start ": " FNR - start - 1 " lines"; start = 0}'
}
rule 'functions have at most 60 lines' long_functions

# ---- lists against folders ----
unlisted() {
  diff <(find "$1" -maxdepth 1 -name '*.c' -printf '%f\n' | sort) \
    <(grep -oE "^[[:space:]]*'[a-z0-9_]+\.c'" "$1/meson.build" | tr -d " '" | sort) | grep '^[<>]'
}
for folder in engine scenarios io/readers io/store io/cli; do
  rule "$folder/meson.build lists every file of the folder" unlisted "$folder"
done
unlisted_suites() {
  for test in tests/test_*.c; do
    grep -q "'$(basename "$test" .c | sed 's/^test_//')'," tests/meson.build || echo "$test"
  done
}
rule 'tests/meson.build lists every suite' unlisted_suites
unlisted_commands() {
  for file in io/cli/cmd_*.c; do
    grep -q "&tj_$(basename "$file" .c)\b" io/cli/command.c || echo "$file"
  done
}
rule 'io/cli/command.c lists every command' unlisted_commands
uncarried() {
  diff <(find scenarios/template -type f -printf '%f\n' | sort) \
    <(grep -oE 'scenarios/template/[a-z.]+' io/cli/meson.build | sed 's|.*/||' | sort) | grep '^[<>]'
}
rule 'the program carries every file of scenarios/template' uncarried

# ---- headers ----
dependent_headers() {
  local header
  for header in $(sources engine scenarios io | grep '\.h$'); do
    ${CC:-cc} -std=gnu17 -D_GNU_SOURCE -I. -include "$header" -fsyntax-only -Wall -Wextra -x c /dev/null \
      >/dev/null 2>&1 || echo "$header"
  done
}
rule 'each header compiles alone' dependent_headers

# ---- archives (symbols that compilers add begin with two underscores or a point) ----
archives() { find "$build/$1" -name 'libtj_*.a' | sort; }
unbuilt() {
  for folder in engine scenarios io; do
    [ -n "$(archives "$folder")" ] || echo "$folder"
  done
}
rule 'the libraries are built' unbuilt
# shellcheck disable=SC2046
foreign_names() {
  nm -g --defined-only $(archives engine) $(archives scenarios) $(archives io) 2>/dev/null |
    awk 'NF == 3 && $3 !~ /^(tj_|__|\.gomp_)/ {print $3}' | sort -u
}
rule 'exported symbols begin with tj_' foreign_names
# Constant tables that hold addresses lie in .data.rel.ro.
# shellcheck disable=SC2046
changing() {
  objdump -t $(archives engine) $(archives scenarios) 2>/dev/null |
    grep -E '[[:space:]]\.(data|bss)(\.[A-Za-z_0-9.]+)?[[:space:]]' |
    awk '$1 ~ /^[0-9a-f]+$/ && $(NF - 1) !~ /^0+$/ && $NF !~ /^(__|\.L)/ && !/\.data\.rel\.ro/ {print $NF}'
}
rule 'engine/ and scenarios/ hold no global that changes' changing
# shellcheck disable=SC2046
from_libm() {
  nm -u $(archives engine) 2>/dev/null | awk '$1 == "U" {print $2}' | sort -u |
    grep -xE 'l?(exp|exp2|expm1|log|log1p|log2|log10|pow|sin|cos|tan|sinh|cosh|tanh|asin|acos|atan|atan2|erf|erfc|cbrt|hypot|tgamma|lgamma)[fl]?'
}
rule 'engine/ takes no elementary function from libm' from_libm

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
