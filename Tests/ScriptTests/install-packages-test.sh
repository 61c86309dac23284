#!/usr/bin/env bash
# scripts/install-packages on faked machines: commands in front of the real ones play the system.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
export PATH="$work/bin:$PATH" FAKES="$work"

fake() { # fake NAME <<<BODY
  { echo '#!/usr/bin/env bash'; cat; } >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# dpkg-query prints what the file "installed" lists; apt-get records its calls, and installs unless told to fail.
fake dpkg-query <<'BODY'
for package in "${@:4}"; do
  if grep -qx "$package" "$FAKES/installed"; then echo "$package installed"; else echo "no packages found" >&2; fi
done
BODY
fake apt-get <<'BODY'
echo "$*" >>"$FAKES/calls"
case " $* " in *" install "*)
  [ ! -e "$FAKES/broken" ] || exit 100
  for word in "$@"; do case $word in -* | install) ;; *) echo "$word" >>"$FAKES/installed" ;; esac; done ;;
esac
BODY
fake apt-cache <<<'[ ! -e "$FAKES/no-lists" ]'
fake id <<<'echo "${FAKE_USER:-0}"'
fake sudo <<'BODY'
[ ! -e "$FAKES/sudo-asks" ] || { [ "$1" != -n ] || exit 1; }
[ "$1" != -n ] || shift
exec "$@"
BODY

reset() {
  rm -f "$work"/{calls,broken,no-lists,sudo-asks,out}
  printf '%s\n' pkg-config zlib1g-dev libzstd-dev libbrotli-dev libdeflate-dev brotli zstd fonts-dejavu-core chromium \
    chromium-driver xz-utils libpq-dev libsqlite3-dev postgresql python3-venv default-jre-headless \
    >"$work/installed"
}
run() { scripts/install-packages "$@" >"$work/out" 2>&1 </dev/null; }
fail() { echo "install-packages: $1" >&2; cat "$work/out" >&2; exit 1; }
says() { grep -qF -- "$1" "$work/out" || fail "does not say: $1"; }

reset
echo libvips-dev >>"$work/installed"
run run || fail "fails although all is there"
[ ! -s "$work/out" ] || fail "talks although all is there"
[ ! -e "$work/calls" ] || fail "calls apt-get although all is there"

reset
run run || fail "does not install as root"
says "libvips-dev: libvips 8.14 or newer"
grep -qx -- '-q install -y --no-install-recommends libvips-dev' "$work/calls" || fail "installs something else"
! grep -q update "$work/calls" || fail "updates the lists without need"
run run || fail "fails the second time"
[ "$(wc -l <"$work/calls")" -eq 1 ] || fail "installs twice"

reset
touch "$work/no-lists"
run test || fail "does not install without lists"
[ "$(head -1 "$work/calls")" = '-q update' ] || fail "does not fetch the lists first"

reset
touch "$work/broken"
! run run || fail "succeeds although apt-get fails"
says "sudo apt-get install --no-install-recommends libvips-dev"
says "apt-get install failed"

reset
touch "$work/sudo-asks"
! FAKE_USER=1000 run run || fail "succeeds although sudo asks"
says "libvips-dev not installed (sudo would ask for a password"
says "sudo apt-get install --no-install-recommends libvips-dev"
[ ! -e "$work/calls" ] || fail "calls apt-get without rights"

reset
FAKE_USER=1000 run run || fail "does not install with sudo"

reset
! VITRINE_INSTALL=no run run || fail "installs although VITRINE_INSTALL=no"
says "sudo apt-get install --no-install-recommends libvips-dev"

! run nothing || fail "accepts a purpose that is not in the table"
echo "install-packages: all passed"
