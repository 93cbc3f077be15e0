#!/bin/sh
# SPDX-License-Identifier: MIT
# Print the path of a cbmc from 6.0 on, with goto-cc and goto-instrument beside
# it: the installed one, or Debian trixie's, run with its own libraries and
# never installed.
set -eu
here=$(dirname "$0")
: "${CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/coir}"
export CACHE

if command -v cbmc >/dev/null; then
	case "$(cbmc --version)" in
	[0-5].*) ;;
	*) command -v cbmc; exit 0 ;;
	esac
fi

wrapper=$CACHE/cbmc/cbmc
if [ -x "$wrapper" ] && "$wrapper" --version >/dev/null 2>&1; then
	echo "$wrapper"
	exit 0
fi

root=$("$here/debs.py" unpack trixie \
	cbmc minisat libc6 libgcc-s1 libstdc++6)
loader=$(find "$root" -name ld-linux-x86-64.so.2 -type f | head -n 1)
mkdir -p "$(dirname "$wrapper")"
# The loader's option and not LD_LIBRARY_PATH: cbmc starts this machine's gcc
# to preprocess, and gcc must keep its own libraries.
for tool in goto-cc goto-instrument cbmc; do
	new=$(dirname "$wrapper")/$tool.$$
	cat >"$new" <<-END
	#!/bin/sh
	# Debian trixie's $tool with its own libraries.
	exec '$loader' --library-path \\
	'$root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu:$root/usr/lib' \\
	'$root/usr/bin/$tool' "\$@"
	END
	chmod +x "$new"
	"$new" --version >&2
	mv "$new" "$(dirname "$wrapper")/$tool"
done
echo "$wrapper"
