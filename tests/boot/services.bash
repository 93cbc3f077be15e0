# SPDX-License-Identifier: MIT
# Boots of tests/guest/services: seven copies of the probe, since each is started
# again only so often, and the vTPM; what the log says of each crash.
. tests/boot/machine.bash
svsm=$test_svsm

# part NAME CPUS SECONDS [WORD]
part() {
	local options=() i
	mkdir -p "$work/services"
	for i in 0 1 2 3 4 5 6; do
		cp "$BUILD/services/probe" "$work/services/probe$i"
		options+=(--service "$work/services/probe$i")
	done
	guest_image services "$2" "cpus=$2 part=$1 $4" \
		--service "$BUILD/services/vtpm" "${options[@]}"
	machine 0 "$3" "$2" 1G
	lacks serial panic
	has serial '^services: [1-9][0-9]* passed, 0 failed'
	case $1 in # wild storms end for any reason; gone counts by itself
	storm | gone) ;;
	*) reasons "$1" ;;
	esac
	grep -a '^services: ' "$work/serial" | tail -n 3
}

# reasons PART: each crash that was to come, with its line in the log; no other
reasons() {
	local line wanted='' must=0 seen=0 name=
	while read -r line; do
		case $line in
		"expect "* | "allow "*)
			[ -z "$wanted" ] || [ $must = 0 ] ||
				fail "no crash: $name: $wanted"
			must=0
			[ "${line%% *}" = allow ] || must=1
			name=${line#* } name=${name%%: *} wanted=${line#*: } ;;
		*"service "*" stopped: "*)
			[ -n "$wanted" ] || fail "a crash too many: $line"
			[[ $line =~ "service ${name%%, *} stopped: "($wanted|.*$wanted) ]] ||
				fail "$name: not '$wanted': $line"
			wanted='' seen=$((seen + 1)) ;;
		esac
	done < <(tr -d '\r' <"$work/serial")
	[ -z "$wanted" ] || [ $must = 0 ] || fail "no crash: $name: $wanted"
	echo "$1: $seen crashes, each for its reason"
}
