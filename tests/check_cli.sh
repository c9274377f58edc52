#!/usr/bin/env bash
# Drives the program as a person does: check_cli.sh PROGRAM. Exit codes, messages, files left behind.
set -u
trajekt=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset NO_COLOR
passed=0
failed=0

fail() {
  failed=$((failed + 1))
  printf 'not so: %s\n' "$1"
  sed 's/^/    /' out err | head -n 12
}

# is SENTENCE CODE COMMAND...: the command ends with the code; its output stays in ./out and ./err.
is() {
  local sentence=$1 code=$2 got=0
  shift 2
  "$@" >out 2>err </dev/null || got=$?
  if [ "$got" -eq "$code" ]; then
    passed=$((passed + 1))
  else
    fail "$sentence (exit code $got, expected $code)"
  fi
}

# says FILE TEXT: the last command wrote the text there; silent FILE: it wrote nothing.
says() { if grep -qF -- "$2" "$1"; then passed=$((passed + 1)); else fail "$1 says: $2"; fi; }
lacks() { if grep -qF -- "$2" "$1"; then fail "$1 does not say: $2"; else passed=$((passed + 1)); fi; }
silent() { if [ -s "$1" ]; then fail "$1 is empty"; else passed=$((passed + 1)); fi; }
true_that() { if "${@:2}"; then passed=$((passed + 1)); else fail "$1"; fi; }

# ---- help ----
is 'alone, it lists the commands and says so by its exit code' 2 "$trajekt"
says err 'simulates a study'
silent out
is 'help is data' 0 "$trajekt" --help
says out 'Begin with:'
silent err
is 'it tells its version' 0 "$trajekt" --version
says out 'trajekt '
is 'exit codes are documented' 0 "$trajekt" help exit-codes
says out '130  stopped by Ctrl-C'
for command in run show compare check sweep plan sensitivity calibrate hindcast fit list new help; do
  is "$command has help" 0 "$trajekt" "$command" --help
  says out 'Usage: trajekt '"$command"
  says out 'Example'
  is "help $command is the same" 0 "$trajekt" help "$command"
done
is 'a misspelt command gets the nearest' 2 "$trajekt" chek
says err "unknown command 'chek'; did you mean 'check'?"
is 'an unknown option is a usage error' 2 "$trajekt" run x --nonsense
is 'a study is needed' 2 "$trajekt" run
says err 'which study?'
is 'a count is a whole number' 2 "$trajekt" run x --draws 1e3
says err "found '1e3', expected a whole number from 1"
is 'an engine has a known name' 2 "$trajekt" run x --engine warp
says err "unknown engine 'warp'"

# ---- lists ----
is 'lists are listed' 0 "$trajekt" list
while read -r kind sentence; do
  [[ "$sentence" == *'(of a study)'* ]] && continue
  [ "$kind" = name ] || is "list $kind" 0 "$trajekt" list "$kind" --format json
done < <("$trajekt" list)
is 'ramps are listed' 0 "$trajekt" list ramps --format csv
says out 'logistic,'
is 'packages belong to a study' 2 "$trajekt" list packages
says err 'trajekt list packages STUDY'
is 'a misspelt list gets the nearest' 2 "$trajekt" list ramp
says err "did you mean 'ramps'?"

# ---- a new study ----
is 'a study is written' 0 "$trajekt" new study
is 'a folder with something in it is left alone' 4 "$trajekt" new study
says err 'study is not empty; nothing was written'
is 'the new study has no fault' 0 "$trajekt" check study
says out 'Rivertown'
says err 'targets applied to cities: 4 assessed, 1 not assessable'
for kind in cities sectors backgrounds measures packages targets; do
  is "list $kind of the study" 0 "$trajekt" list "$kind" study --format csv
done

# ---- faults of a study ----
cp -r study faulty
sed -i 's/kind: reduction/kind: reducton/; s/base_year: 1990/base_yeer: 1990/' faulty/targets.yaml
is 'a faulty study is refused' 3 "$trajekt" check faulty
says err 'targets.yaml:'
says err "did you mean 'base_year'"
says err "unknown kind of target 'reducton'; did you mean 'reduction'?"
says err 'checked once all files can be read'
silent out
cp -r study meaningless
sed -i 's/kind: reduction/kind: reducton/' meaningless/targets.yaml
sed -i 's/- congestion-charge/- congestion-charg/' meaningless/packages.yaml
is 'faults of meaning are told together' 3 "$trajekt" check meaningless
says err "unknown kind of target 'reducton'; did you mean 'reduction'?"
says err "unknown measure 'congestion-charg'; did you mean 'congestion-charge'?"
is 'and not run' 3 "$trajekt" run faulty -o faulty.h5
true_that 'nothing was written' test ! -e faulty.h5
cp -r study baseless
sed -i 's/  current-policies:/  current-policie:/' baseless/backgrounds.yaml
is 'a missing background is one fault' 3 "$trajekt" check baseless
says err "there is no background 'current-policies'"
says err '1 error, 0 warnings'
sed -i '/XEX: {label/d' baseless/cities.yaml
is 'countries that are all missing are said' 3 "$trajekt" check baseless
says err "unknown country 'XEX'; there are none"
is 'a study that is not there cannot be read' 4 "$trajekt" check nowhere
says err 'nowhere'

# ---- where a result may go ----
mkdir folder
is 'a folder is no result' 4 "$trajekt" run study -o folder
says err 'folder is a folder; give a file name'
is 'a missing folder is said' 4 "$trajekt" run study -o missing/r.h5
says err 'there is no folder missing'
is 'a device is no result' 4 "$trajekt" run study -o /dev/null
says err '/dev/null is not a plain file'
is 'a file that is no result is not replaced' 4 "$trajekt" run study -o study/study.yaml
says err 'is not a result file'
true_that 'it is as it was' grep -q trajekt study/study.yaml
mkdir locked && chmod a-w locked
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
  chmod a+rx "$work"
  is 'a folder without permission is refused' 4 \
    setpriv --reuid=65534 --regid=65534 --clear-groups "$trajekt" run study -o locked/r.h5
  says err 'Permission denied'
elif [ "$(id -u)" -ne 0 ]; then
  is 'a folder without permission is refused' 4 "$trajekt" run study -o locked/r.h5
  says err 'Permission denied'
fi

# ---- a run ----
is 'the new study runs' 0 "$trajekt" run study -o r.h5 --draws 200
says out 'In short (Current policies)'
says out 'Rivertown: reaches'
says err 'r.h5: 2 cities, 3 packages, 2 backgrounds, 200 draws'
lacks out $'\033'
lacks err $'\033'
lacks err $'\r'
longest=$(python3 -c 'print(max(len(line.rstrip("\n")) for line in open("out", encoding="utf-8")))')
true_that "no line is longer than 100 columns ($longest)" test "$longest" -le 100
is 'quiet is quiet' 0 "$trajekt" run study -o q.h5 --draws 50 --quiet
silent out
silent err
is 'one thread' 0 "$trajekt" run study -o one.h5 --draws 200 --threads 1 --reproducible --quiet
is 'three threads' 0 "$trajekt" run study -o three.h5 --draws 200 --threads 3 --reproducible --quiet
true_that 'threads change no byte of a reproducible file' cmp -s one.h5 three.h5
is 'the reference engine' 0 "$trajekt" run study -o reference.h5 --draws 50 --engine reference --quiet
is 'draws are kept' 0 "$trajekt" run study -o kept.h5 --draws 50 --keep-draws --quiet
is 'outputs are listed' 0 "$trajekt" list outputs --format csv
says out 'sector-draws,'
is 'fields say which output they belong to' 0 "$trajekt" list fields --format csv
says out 'emissions_gas_mean,t CO2-equiv/yr,city gas year,sectors,'
is 'a part of the outputs' 0 "$trajekt" run study -o few.h5 --draws 50 --outputs totals
says err 'few.h5: 2 cities'
says out 'Adopted plans'
lacks out 'In short'
lacks out 'Probability of each target'
is 'its pages have no targets' 0 "$trajekt" show few.h5 --city rivertown
says out 'Rivertown'
lacks out 'Probability of each target'
lacks out 'Not assessable'
is 'nor have its tables' 0 "$trajekt" show few.h5 --format csv
says out 'rivertown,current-policies,reference,2050,projected,'
is 'targets that are not there cannot be shown' 2 "$trajekt" show few.h5 --targets
says err "few.h5 does not hold the output 'targets'; run the study again with --outputs=totals,targets"
silent out
is 'nor as csv' 2 "$trajekt" show few.h5 --targets --format csv
silent out
is 'nor physical results' 2 "$trajekt" show few.h5 --physical
says err "few.h5 does not hold the output 'physical'; run the study again with --outputs=totals,physical"
is 'packages are compared all the same' 0 "$trajekt" compare few.h5 --packages everything,adopted --format csv
cp out few.csv
is 'as they are in a whole result' 0 "$trajekt" compare kept.h5 --packages everything,adopted --format csv
true_that 'with the same numbers' cmp -s out few.csv
is 'a misspelt output gets the nearest' 2 "$trajekt" run study -o few.h5 --outputs totals,sector
says err "unknown output 'sector'; did you mean 'sectors'?"
is 'outputs have totals' 2 "$trajekt" run study -o few.h5 --outputs targets,sectors
says err "--outputs leaves out 'totals', which every result holds"
is 'a file is not named like outputs' 2 "$trajekt" run study --output totals,targets
says err '--output names the file; what it holds is --outputs=totals,targets'
is 'an output is named' 2 "$trajekt" run study -o few.h5 --outputs ''
says err 'a name is missing'
is 'probabilities are not sharpened where there are none' 2 "$trajekt" run study -o few.h5 --outputs totals --until-se 0.05
says err "--until-se looks at the targets, which the outputs leave out: add 'targets'"
cp -r study asking
echo 'outputs: [totals, tragets]' >>asking/study.yaml
is 'a study is held to the outputs there are' 3 "$trajekt" check asking
says err "error: unknown output 'tragets'; did you mean 'targets'?"
sed -i 's/^outputs:.*/outputs: [totals, sectors]/' asking/study.yaml
is 'a study asks for outputs' 0 "$trajekt" run asking -o few.h5 --draws 50 --quiet
is 'and gets no others' 2 "$trajekt" show few.h5 --targets
says err "run the study again with --outputs=totals,targets,sectors"
is 'unless an option goes over it' 0 "$trajekt" run asking -o few.h5 --draws 50 --quiet --outputs totals,targets
is 'whose results are there' 0 "$trajekt" show few.h5 --targets
is 'a part of the packages' 0 "$trajekt" run study -o part.h5 --draws 50 --packages everything
says out 'Everything'
lacks out 'Adopted plans'
is 'draws are added until probabilities are sharp' 0 "$trajekt" run study -o until.h5 --draws 100 --until-se 0.02 --reproducible
says err '100 draws: the probability of low-2050@hilltown under everything has a standard error of 0.0500; next, 800 draws'
says err 'until.h5: 2 cities, 3 packages, 2 backgrounds, 800 draws'
is 'as many draws at once' 0 "$trajekt" run study -o once.h5 --draws 800 --reproducible --quiet
true_that 'added draws are those of a run that has them from the start' cmp -s until.h5 once.h5
is 'draws that are enough stay' 0 "$trajekt" run study -o until.h5 --draws 100 --until-se 0.05
says err '100 draws in'
is 'an error of nothing cannot be reached' 2 "$trajekt" run study --until-se 0
says err "--until-se: found '0', expected a number from 0.001 to 0.5"
cp -r study designed
sed -i 's/^design:.*/design: sobol/' designed/study.yaml
is 'a design is followed' 0 "$trajekt" run designed -o designed.h5 --draws 64 --quiet
is 'a design is not added to' 2 "$trajekt" run designed -o designed2.h5 --draws 64 --until-se 0.01
says err "--until-se adds draws, which a 'sobol' sample does not allow; the study needs 'design: monte-carlo'"
is 'a design refuses other numbers of draws' 3 "$trajekt" run designed -o designed2.h5 --draws 100
says err "draws: found 100; the design 'sobol' needs a power of two from 16 on: the next is 128"
is 'a designed result is compared' 0 "$trajekt" compare designed.h5 --packages adopted,everything
is 'uncertain parameters are listed' 0 "$trajekt" list parameters study --format csv
says out 'name,drawn_by,instances,distribution'
is 'errors are shown' 0 "$trajekt" show r.h5 --errors
says out '± is the Monte Carlo standard error'
longest=$(python3 -c 'print(max(len(line.rstrip("\n")) for line in open("out", encoding="utf-8")))')
true_that "no line with errors is longer than 100 columns ($longest)" test "$longest" -le 100
true_that 'a median has its error' grep -qE '[0-9]±[0-9]+ \[[0-9 ]+±[0-9]+–[0-9 ]+±[0-9]+\]' out
is 'a misspelt package gets the nearest' 2 "$trajekt" run study -o x.h5 --packages adoptd
says err "unknown package 'adoptd'; did you mean 'adopted'?"
is 'a full disk of the terminal is seen' 4 sh -c "'$trajekt' show r.h5 >/dev/full"

# ---- stopping ----
"$trajekt" run study -o stopped.h5 --draws 200000 --threads 1 --engine reference >out 2>err &
job=$!
for _ in $(seq 100); do
  compgen -G 'stopped.h5.part-*' >/dev/null && break
  sleep 0.05
done
kill -TERM "$job"
sleep 0.2
kill -TERM "$job" 2>/dev/null
wait "$job"
true_that 'a stopped run says so by its exit code' test $? -eq 130
true_that 'and leaves no file' test -z "$(compgen -G 'stopped.h5*')"

# ---- results ----
is 'a city is found by its name in any language' 0 "$trajekt" show r.h5 --city Åstad --language sv
says out 'Åstad'
says out 'Åtgärdspaket'
lacks out 'Bergstad'
is 'French' 0 "$trajekt" show r.h5 --language fr --city rivertown
says out 'Probabilité'
is 'a misspelt city gets the nearest' 2 "$trajekt" show r.h5 --city rivertwon
says err "unknown city 'rivertwon'; did you mean 'rivertown'?"
is 'totals as csv' 0 "$trajekt" show r.h5 --format csv
says out 'rivertown,current-policies,reference,1990,measured,612000,612000,612000'
true_that 'one row for each city, background, package and year' test "$(wc -l <out)" -eq $((2 * 2 * 3 * 61 + 1))
is 'totals as json' 0 "$trajekt" show r.h5 --format json
true_that 'json is json' python3 -c 'import json; assert len(json.load(open("out"))) == 2 * 2 * 3 * 61'
is 'targets in detail' 0 "$trajekt" show r.h5 --targets --format csv
says out 'not assessable'
is 'a result without physical rows says so' 0 "$trajekt" show r.h5 --physical
says out 'No sector of these cities has physical results.'

# ---- many cities at one look ----
"$trajekt" new crowd >/dev/null 2>&1
for city in Weststead:weststead Eaststead:eaststead; do
  printf '  %s:\n    label: %s\n    country: XEX\n    boundary: the municipality\n' "${city#*:}" "${city%:*}" >>crowd/cities.yaml
  grep '^rivertown,' crowd/inventory.csv | sed "s/^rivertown/${city#*:}/" >more
  cat more >>crowd/inventory.csv
done
is 'four cities run' 0 "$trajekt" run crowd -o crowd.h5 --draws 50
says out 'Eaststead'
says out 'Probability of each city'"'"'s main target, in % of futures (standard errors up to ±'
says out '  1 Reference · 2 Adopted plans · 3 Everything'
says out 'In short (Current policies)'
says out 'A city in full, with its curve and all its targets: --city NAME; every city: --full'
lacks out '┤'
is 'without targets it is a table of totals' 0 "$trajekt" run crowd -o bare.h5 --draws 20 --outputs totals
says out 'A city in full, with its curve: --city NAME; every city: --full'
lacks out 'main target, in %'
lacks out 'In short'
for language in en fr sv; do
  is "they are a table in $language" 0 "$trajekt" show crowd.h5 --language "$language"
  longest=$(wc -L <out)
  true_that "of lines of at most 100 columns ($longest)" test "$longest" -le 100
  lacks out '┤'
  is "and their targets too" 0 "$trajekt" show crowd.h5 --targets --language "$language"
  longest=$(wc -L <out)
  true_that "of lines of at most 100 columns ($longest)" test "$longest" -le 100
done
is 'and the table' 0 "$trajekt" show crowd.h5 --language sv
says out 'Sannolikhet att nå varje stads huvudmål'
is 'their targets in detail are pages' 0 "$trajekt" show crowd.h5 --targets
says out '    Package                probability                    gap   gap, %    met from  never  overshoot'
says out '  Half of 1990 by 2030'
says out 'Not assessable: Half the footprint by 2040'
true_that 'of one background' test "$(grep -c '^  Half of 1990 by 2030$' out)" -eq 4
says out 'Other backgrounds in the file (--background): national-targets-met'
is 'with errors' 0 "$trajekt" show crowd.h5 --targets --errors --background national-targets-met
lacks out 'met from '
says out '± is the Monte Carlo standard error'
true_that 'beside each bound of a gap' grep -qE '^    Everything .*[0-9]±[0-9.]+ \[.?[0-9.]+±[0-9.]+ … .?[0-9.]+±[0-9.]+\]' out
cp -r crowd fourth
sed -n '/^  everything:/,$p' crowd/packages.yaml | sed 's/everything:/all-but-one:/; s/label:.*/label: All/' >>fourth/packages.yaml
is 'with a fourth package' 0 "$trajekt" run fourth -o fourth.h5 --draws 20 --quiet
is 'three of them are shown under each target' 0 "$trajekt" show fourth.h5 --targets
says out 'Of more than three packages'
true_that 'the reference, the first and the nearest' test "$(grep -c '^    Everything ' out)" -eq 8
lacks out '    All  '
is 'or all where it is asked for' 0 "$trajekt" show fourth.h5 --targets --full
says out '    All  '
lacks out 'Of more than three packages'
is 'in full on request' 0 "$trajekt" show crowd.h5 --full
says out '┤'
is 'one city in full' 0 "$trajekt" show crowd.h5 --city weststead
says out '┤'
lacks out 'Rivertown'
is 'only the packages asked for' 0 "$trajekt" show crowd.h5 --package reference,everything
lacks out 'Adopted plans  '

# ---- physical results ----
"$trajekt" new fleet >/dev/null 2>&1
cat >>fleet/sectors.yaml <<'EOF'
  fleet: {method: stock, fleets: {cars: {technologies: [petrol-car, electric-car]}}}
EOF
cat >fleet/technologies.yaml <<'EOF'
carriers:
  petrol: {account: burnt}
  power: {account: network}
technologies:
  petrol-car: {label: {en: Petrol car, sv: Bensinbil}, carriers: {petrol: 100 %}, life: {lambda: 15 year, beta: 3}}
  electric-car: {label: {en: Electric car, sv: Elbil}, carriers: {power: 100 %}, life: {lambda: 15 year, beta: 3}}
EOF
printf '%s\n' city,sector,item,kind,year,age,value,unit '*,fleet,petrol-car,share,,,90,%' '*,fleet,electric-car,share,,,10,%' >fleet/fleets.csv
for row in rivertown,1990,30 rivertown,2023,20 hilltown,1990,15 hilltown,2023,10; do
  printf '%s,fleet,co2e,1,%s,kt CO2e,measured,AR5,2025,municipality,invented\n' "${row%,*}" "${row##*,}"
done >>fleet/inventory.csv
printf '*,fleet.%s,constant,,%s,,,assumed,test\n' demand.cars 10000,vehicles activity.cars 12000,km/vehicle/year \
  sales.petrol-car 0,% sales.electric-car 100,% tech.petrol-car.intensity 0.6,kWh/km \
  tech.electric-car.intensity 0.2,kWh/km factor.petrol '0.25,t CO2/MWh' factor.power '0.05,t CO2/MWh' >>fleet/drivers.csv
is 'a study with a fleet runs' 0 "$trajekt" run fleet -q --draws 20 -o fleet.h5
is 'its physical results are pages' 0 "$trajekt" show fleet.h5 --physical --city rivertown
says out 'Each year from 2024 to 2030, on average: new: 720 Electric car.'
says out 'Petrol car                         9 000'
lacks out 'Hilltown'
is 'in Swedish too' 0 "$trajekt" show fleet.h5 --physical --language sv
says out 'Elbil'
longest=$(wc -L <out)
true_that "no line is longer than 100 columns ($longest)" test "$longest" -le 100
is 'and csv' 0 "$trajekt" show fleet.h5 --physical --format csv
says out 'rivertown,fleet,energy,petrol,MWh/year,current-policies,reference,2023,80000,80000,80000,80000'
true_that 'one row for each result, background, package and year' test "$(wc -l <out)" -eq $((2 * 9 * 2 * 3 * 28 + 1))

cp -r fleet shrinking
sed -i '/demand.cars/d' shrinking/drivers.csv
printf '*,fleet.demand.cars,year,%s,vehicles,,,assumed,test\n' 2023,10000 2030,10000 2031,2000 2050,2000 >>shrinking/drivers.csv
is 'demand that falls too fast for a fleet is said' 0 "$trajekt" check shrinking
says err 'Rivertown, fleet, cars (Current policies): demand falls faster than they wear out in 2031; about'
is 'and after a run' 0 "$trajekt" run shrinking --draws 20 -o shrinking.h5
says err 'Rivertown, fleet, cars (Current policies): demand falls faster than they wear out in 2031; about'
is 'and among its physical results' 0 "$trajekt" show shrinking.h5 --physical --city rivertown
says out 'cars: demand falls faster than they wear out in 2031; about'
says out 'Left before worn out (vehicle/year)'
is 'in French' 0 "$trajekt" show shrinking.h5 --physical --city rivertown --language fr
says out "la demande baisse plus vite qu'ils ne s'usent en 2031"
is 'a fleet that lasts is not mentioned' 0 "$trajekt" check fleet
lacks err 'wear out'

cp -r fleet shareless
cat >>shareless/measures.yaml <<'EOF'
  nothing-new:
    label: No new cars at all
    theme: transport
    source: invented
    ramp: {shape: step, start: 2035, years: 0}
    effects: [{driver: fleet.sales.petrol-car, cap: 0 %}, {driver: fleet.sales.electric-car, cap: 0 %}]
EOF
sed -i 's/measures: \[/&nothing-new, /' shareless/packages.yaml
for engine in lanes reference; do
  is "shares that no rule can make whole are named by $engine" 3 "$trajekt" run shareless --engine "$engine" --draws 20 -q
  says err 'trajekt: the shares of sector fleet in rivertown cannot be made to sum to one in 2035'
done

cp -r fleet doubtful
sed -i 's/^  petrol: {account/  petrol: {label: {en: Petrol, sv: Bensin}, account/' doubtful/technologies.yaml
sed -i '/factor.petrol/d' doubtful/drivers.csv
printf '*,factor.petrol,year,%s,t CO2/MWh,,"{normal: {mean: 1 1, sd: 0.5 1}}",assumed,test\n' 2023,0.25 2050,0.1 >>doubtful/drivers.csv
is 'a driver is called by its labels' 0 "$trajekt" sensitivity doubtful --samples 64 --format csv
says out ',factor.petrol.spread,'
says out '"emission factor, Petrol: how far it changes"'
is 'in any language' 0 "$trajekt" sensitivity doubtful --samples 64 --format csv --language sv
says out '"emissionsfaktor, Bensin: hur mycket det ändras"'

# ---- the largest seed ----
sed 's/^seed:.*/seed: 18446744073709551615/' study/study.yaml >study.yaml.most
cp -r study seeded && mv study.yaml.most seeded/study.yaml
is 'a seed has 64 bits' 0 "$trajekt" run seeded -o seeded.h5 --draws 20 --reproducible
says out 'seed 18446744073709551615'
is 'as an option too' 0 "$trajekt" run study -o optioned.h5 --draws 20 --seed 18446744073709551615 -q
"$trajekt" show seeded.h5 --format csv >one.csv
"$trajekt" show optioned.h5 --format csv >out
true_that 'with the same numbers' cmp -s one.csv out
"$trajekt" run study -o cut.h5 --draws 20 --seed 9223372036854775807 -q
"$trajekt" show cut.h5 --format csv >out
true_that 'of which no bit is lost' test "$(cmp one.csv out >/dev/null; echo $?)" -eq 1
is 'a result with it is compared' 0 "$trajekt" compare seeded.h5 --packages adopted,reference --years 2040 --format csv
cut -d, -f7 out | sed -n 2p >mean
true_that 'in its own draws' python3 -c '
import csv
mean = {r["package"]: float(r["mean_t"]) for r in csv.DictReader(open("one.csv", encoding="utf-8"))
        if r["city"] == "rivertown" and r["background"] == "current-policies" and r["year"] == "2040"}
assert abs(mean["adopted"] - mean["reference"] - float(open("mean").read())) < 1e-6, mean'
is 'one more is too many' 2 "$trajekt" run study --seed 18446744073709551616
says err "--seed: found '18446744073709551616', expected a whole number from 0 to 18446744073709551615"

cp -r fleet parked
sed -i 's/^\(\*,fleet.activity.cars,constant,,\)[0-9]*/\10/' parked/drivers.csv
for engine in lanes reference; do
  is "a sector without emissions to fit is named by $engine" 3 "$trajekt" run parked --engine "$engine" --draws 20 -q
  says err "trajekt: 'fleet' of 'rivertown': the drivers give no emissions in 2023, but the inventory has 20000 t CO2e"
done
is 'and by check' 3 "$trajekt" check parked
says err "'fleet' of 'rivertown': the drivers give no emissions in 2023"
is 'and by sensitivity' 3 "$trajekt" sensitivity parked --samples 64
says err "'fleet' of 'rivertown': the drivers give no emissions in 2023"
is 'and by sweep' 3 "$trajekt" sweep parked --measures cycling --draws 20 -q
says err "'fleet' of 'rivertown': the drivers give no emissions in 2023"

# ---- packages ----
is 'packages compared' 0 "$trajekt" compare r.h5 --packages adopted,reference --years 2040 --format csv
true_that 'cities and the network, both backgrounds' test "$(wc -l <out)" -ge 7
true_that 'fewer emissions in every future' python3 -c '
import csv
rows = list(csv.DictReader(open("out", encoding="utf-8")))
assert all(float(row["high_t"]) < 0 and float(row["below"]) == 1 for row in rows), rows'
is 'a package less itself is nothing' 0 "$trajekt" compare r.h5 --packages adopted,adopted --years 2040 --format csv
true_that 'exactly nothing' python3 -c '
import csv
assert all(float(row[k]) == 0 for row in csv.DictReader(open("out", encoding="utf-8"))
           for k in ("low_t", "median_t", "high_t", "mean_t", "below"))'
is 'two packages are needed' 2 "$trajekt" compare r.h5 --packages adopted
is 'a year outside is refused' 2 "$trajekt" compare r.h5 --packages adopted,reference --years 2080
says err 'the result goes from 1990 to 2050'
is 'a missing result cannot be read' 4 "$trajekt" show missing.h5
head -c 2000 r.h5 >short.h5
is 'a truncated result is refused' 5 "$trajekt" show short.h5
echo 'not a result' >foreign.h5
is 'a foreign file is refused' 5 "$trajekt" show foreign.h5

# ---- which number to measure next ----
is 'shares of the doubt' 0 "$trajekt" sensitivity study --samples 64
says out 'Where the doubt about each target comes from: Adopted plans'
says out 'year-to-year changes that no trend explains'
says out 'Rivertown'
lacks out $'\033'
silent err
is 'the same numbers on one thread' 0 "$trajekt" sensitivity study --samples 64 --format csv --threads 1
cp out one.csv
is 'and on two' 0 "$trajekt" sensitivity study --samples 64 --format csv --threads 2
true_that 'threads change no index' cmp -s one.csv out
true_that 'every index has its interval' python3 -c '
import csv
rows = list(csv.DictReader(open("out", encoding="utf-8")))
assert rows and all(float(r["total_low"]) <= float(r["total"]) <= float(r["total_high"]) for r in rows), rows
assert any(r["input"] == "noise" for r in rows)'
is 'in French' 0 "$trajekt" sensitivity study --samples 64 --language fr --of met --format table
says out 'variations annuelles'
is 'a misspelt target gets the nearest' 2 "$trajekt" sensitivity study --targets nowhere
says err "unknown target 'nowhere'"
is 'a misspelt city too' 2 "$trajekt" sensitivity study --cities rivertwon
says err "unknown city 'rivertwon'; did you mean 'rivertown'?"
is 'a misspelt background too' 2 "$trajekt" sensitivity study --background current
says err "unknown background 'current'"
is 'one package at a time' 2 "$trajekt" sensitivity study --package adopted,reference
says err '--package: give one'
is 'a quantity has a known name' 2 "$trajekt" sensitivity study --of money
says err "unknown quantity 'money'; there is: gap, percent, emissions, met"
is 'two draws are too few' 2 "$trajekt" sensitivity study --samples 2
says err "--samples: found '2', expected a whole number from 16 to 1000000"

# ---- calibration and hindcast: 14 made places beside the template's cities ----
is 'a study to learn from' 0 "$trajekt" new many
awk 'BEGIN {
  print "country,place,year,sector,value,unit"
  for (p = 1; p <= 14; p++)
    for (y = 1990; y <= 2023; y += (y < 2005 ? 15 : y < 2015 ? 5 : 1))
      for (s = 1; s <= 3; s++)
        printf "XEX,place%d,%d,%s,%.3f,kt CO2e\n", p, y, s == 1 ? "transport" : s == 2 ? "heating" : "waste",
          (20 + 7 * p) / s * exp(-0.02 * (y - 2005) + 0.05 * sin(3 * p + y * s))
}' >many/pool.csv
is 'growth and noise are learned' 0 "$trajekt" calibrate many --format csv
says out 'city,sector,growth,growth_sd,delta,rho,sigma,shock,observations,places,source'
says out 'rivertown,transport,-0.02'
lacks out 'heating'
is 'and written' 0 "$trajekt" calibrate many -o many/trend.csv
silent out
is 'where the study takes them up' 0 "$trajekt" check many
is 'and runs with them' 0 "$trajekt" run many -o many.h5 --draws 20 --quiet
is 'a table that cannot be written is an error' 4 "$trajekt" calibrate many -o nowhere/trend.csv
says err 'nowhere/trend.csv cannot be written'
is 'the past is forecast' 0 "$trajekt" hindcast many --origins 2018,2020 --draws 100 --csv many.csv
says out 'persistence'
says out 'exponential-all'
head -n 1 many.csv >out
says out 'municipality_code,origin,year,q05,q25,q50,q75,q95'
is 'with the same numbers from any number of threads' 0 "$trajekt" hindcast many --origins 2018,2020 --draws 100 \
  --csv again.csv --threads 1
true_that 'byte by byte' cmp -s many.csv again.csv
is 'scores are data too' 0 "$trajekt" hindcast many --origins 2018 --draws 50 --format csv
says out '2018,all,trajekt,'
says out '2018,3,persistence,'
is 'in Swedish programs read the same' 0 "$trajekt" hindcast many --origins 2018 --draws 50 --format csv --language sv
says out '2018,all,trajekt,'
says out '2018,3,persistence,'
is 'people read Swedish' 0 "$trajekt" hindcast many --origins 2018,2020 --draws 50 --language sv
says out 'Utgångsår  år framåt  Prognos '
says out '     alla       alla  oförändrat '
says out 'Efter antal år framåt.'
says out 'Fel i summans logaritm: 0,1 är omkring 10 %.'
lacks out 'persistence'
is 'or French' 0 "$trajekt" hindcast many --origins 2018,2020 --draws 50 --language fr
says out '|e| moyen  médiane '
says out ' toutes    toutes  expon., tout '
lacks out '0.'
is 'what is left out is told in it' 3 "$trajekt" hindcast study --origins 2018 --language fr
says err "Origines laissées de côté, trop peu de lieux d'un pays (ou aucune série nationale) étant connus : 1."
is 'an origin without a past cannot be judged' 3 "$trajekt" hindcast many --origins 1980
says err 'no place that can be judged'
is 'too few places teach nothing' 3 "$trajekt" calibrate study
says err 'too few histories'

# ---- lives of a fleet: none before 1989, sales that wander, lambda 12 and beta 3 ----
awk 'BEGIN {
  print "technology,kind,year,age,value,unit"
  for (y = 1989; y <= 2020; y++) {
    sold[y] = y == 1989 ? 0 : 100 + 30 * sin(y)
    printf "car,sold,%d,,%.9g,vehicle/year\n", y, sold[y]
    units = 0
    for (s = 1990; s <= y; s++) units += sold[s] * exp(-((y - s) / 12) ^ 3)
    if (y >= 1995) printf "car,count,%d,,%.9g,vehicle\n", y, units
  }
  print "boiler,sold,2000,,5,1"
}' >counts.csv
is 'a life is learned' 0 "$trajekt" fit counts.csv --technology car
says out 'life: {lambda: 12 year, beta: 3}'
says out 'car: fits within 0.00 %'
is 'one that cannot be learned is named, the other is not lost' 3 "$trajekt" fit counts.csv --format csv
says err 'boiler: 0 counts or ages that can be used'
says out 'car,1'
is 'what a fit says of each datum is data too' 0 "$trajekt" fit counts.csv --technology car --residuals --format csv
says out 'car,count,2020,,'
is 'a misspelt technology gets the nearest' 2 "$trajekt" fit counts.csv --technology care
says err "unknown technology 'care'; did you mean 'car'?"
is 'a file that is not there is an error' 4 "$trajekt" fit nowhere.csv
says err 'there is no such file'

# ---- what knowing would be worth ----
is 'a study without a choice is told how to state one' 3 "$trajekt" sensitivity study --choice
says err "study.yaml states no choice; it needs 'decision: {price: 120 EUR/t, packages: [a, b]}'"
cp -r study choice
echo 'decision: {price: 500 EUR/t, packages: [reference, adopted, everything]}' >>choice/study.yaml
sed -i '/^    cost:/d' choice/measures.yaml
is 'a cost that is not known is not nothing' 3 "$trajekt" sensitivity choice --choice
says err 'measures.yaml gives no cost for'
says err 'congestion-charge'
silent out
sed -i 's|^    theme: .*|&\n    cost: 3 MEUR/year|' choice/measures.yaml
sed -i '0,/cost: 3 MEUR.year/s//cost: {investment: {default: 40 MEUR, hilltown: 5 MEUR}, lifetime: 25 years, operation: 0.5 MEUR\/year}/' choice/measures.yaml
is 'what measures cost is listed' 0 "$trajekt" list measures choice --format csv
says out 'id,label,theme,effects,investment,lifetime,operation,where'
says out ',5–40,25,0.5,'
says out ',,,3,'
is 'with costs, knowing has a worth' 0 "$trajekt" sensitivity choice --choice --samples 256
says out 'choose now: '
says out 'knowing everything: '
is 'for programs too' 0 "$trajekt" sensitivity choice --choice --samples 256 --format csv
true_that 'knowing everything is never worth less than nothing' python3 -c '
import csv
rows = list(csv.DictReader(open("out", encoding="utf-8")))
everything = {(r["city"], r["target"]): float(r["worth_eur"]) for r in rows if r["input"] == "everything"}
assert len(everything) == 4 and all(worth >= 0 for worth in everything.values()), everything
assert any(r["input"].startswith("backcast@") for r in rows), rows'

# ---- every combination ----
is 'what counts together is shown' 0 "$trajekt" plan study --format csv
says out 'rivertown,heating,coupled,'
says out '"[district-heating, renovation]"'
says out 'rivertown,transport,product,'
says err 'need not be evaluated again'
is 'every combination is evaluated' 0 "$trajekt" sweep study --measures all --draws 20 -o sweep.h5 --format csv --quiet
says out 'background,target,answer,combinations,probability,cost_meur,measures,which'
says out 'current-policies,halved-2030@rivertown,best,'
true_that 'and written' test -s sweep.h5
mv out first
is 'by any number of threads alike' 0 "$trajekt" sweep study --measures all --draws 20 --threads 1 --format csv --quiet
true_that 'to the byte' cmp -s out first
is 'quantiles are written beside the means' 0 "$trajekt" sweep study --measures all --draws 20 -o quantiles.h5 --quantiles '95 %,5%' --quiet
true_that 'as one more variable each' grep -q emissions_quantile quantiles.h5
is 'quantiles have somewhere to go' 2 "$trajekt" sweep study --measures all --quantiles study
says err 'quantiles are only written to a file: name it with --output FILE'
is 'quantiles are shares' 2 "$trajekt" sweep study --measures all --quantiles 5%,0.5 -o quantiles.h5
says err "--quantiles: found '5%,0.5', expected study or shares from 0% to 100% with commas between them, e.g. 5%,50%,95%"
is 'quantiles are few' 2 "$trajekt" sweep study --measures all -o q.h5 --quantiles 1%,2%,3%,4%,5%,6%,7%,8%,9%,10%,11%,12%,13%,14%,15%,16%,17%
says err '--quantiles: more than 16'
is 'measures are asked for' 2 "$trajekt" sweep study
says err 'which measures?'
is 'a measure has a known name' 2 "$trajekt" sweep study --measures congestion-charge,renovatoin
says err "unknown measure 'renovatoin'; did you mean 'renovation'?"

# ---- languages, and a budget alone ----
is 'pages are in French' 0 "$trajekt" show r.h5 --language fr
says out 'Une petite étude'
says out 'Programme '
says out 'le périmètre « consumption » n'
lacks out ' not '
is 'and in Swedish' 0 "$trajekt" show r.h5 --language sv
says out 'En liten studie'
says out "grunden 'consumption' modelleras inte"
lacks out ' not '
cp -r study unjudged
sed -i 's/^    basis: consumption/&\n    not_assessable: {en: for a reason, fr: pour cause, sv: av en orsak}/' unjudged/targets.yaml
is 'a reason may be given by language' 0 "$trajekt" run unjudged -o unjudged.h5 --draws 20
says out '(for a reason)'
is 'and is shown in it' 0 "$trajekt" show unjudged.h5 --language sv
says out '(av en orsak)'
is 'also with the targets in detail' 0 "$trajekt" show unjudged.h5 --targets --language fr
says out '(pour cause)'
says out 'Non évaluables :'
says out 'atteint dès jamais   excédent'
says out ' … '
is 'which programs read in English' 0 "$trajekt" show unjudged.h5 --targets --language fr --format csv
says out ',for a reason'
is 'the quality of data is told in Swedish' 0 "$trajekt" check study --language sv
says out 'Varifrån utsläppen kommer, % av CO2e under basåret 1990'
says out 'bakåträknat'
says out '0,07'
says err 'Inga fel. 2 städer, 3 sektorer'
is 'and a comparison in French' 0 "$trajekt" compare r.h5 --packages adopted,reference --years 2040 --language fr
says out 'Plans adoptés moins Référence, t CO2e par an'
says out 'plus bas dans'
says out '1,000'
is 'numbers have a decimal comma' 0 "$trajekt" show r.h5 --language fr --city rivertown
says out 'bornes ±'
true_that 'and no point' test -z "$(grep -E '±[0-9]+\.[0-9]' out)"

cp -r study budget
cat >budget/targets.yaml <<'EOF'
targets:
  tonnes:
    label: A budget of tonnes
    countries: [XEX]
    kind: budget
    first_year: 2026
    year: 2040
    value: 900 kt
    source: invented
EOF
is 'a budget is judged' 0 "$trajekt" run budget -o budget.h5 --draws 20 --quiet
is 'and stands in the verdict by its name, not as a percentage' 0 "$trajekt" show budget.h5
says out 'reaches “A budget of tonnes” in '
lacks out 'no target that the data can judge'
is 'in detail with the part of it that is used' 0 "$trajekt" show budget.h5 --targets --city rivertown
says out 'met from  never  of budget'
lacks out 'overshoot'
"$trajekt" show budget.h5 --targets --city rivertown --package reference --format csv >csv 2>/dev/null
true_that 'in percent' grep -qE "^    Reference .* $(awk -F, 'NR == 2 { printf "%.0f", 100 * $18 }' csv) %\$" out

# ---- a terminal ----
if command -v script >/dev/null; then
  TERM=xterm script -qec "'$trajekt' show r.h5 --city rivertown" /dev/null >out 2>err </dev/null
  says out $'\033[1m'
  TERM=xterm NO_COLOR=1 script -qec "'$trajekt' show r.h5 --city rivertown" /dev/null >out 2>err </dev/null
  lacks out $'\033[1m'
  TERM=dumb script -qec "'$trajekt' show r.h5 --city rivertown" /dev/null >out 2>err </dev/null
  lacks out $'\033['
fi

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
