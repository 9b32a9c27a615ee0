#!/bin/sh
# install_cmocka.sh CC: makes sure that the tests' one library, cmocka, is there.
#
# Where it is missing and this user may install packages (root, or sudo without a password), the
# system's package manager gets it; elsewhere the command is printed. Exit code 0: it is there.
set -u
compiler=${1:-cc}

# $compiler is not quoted: it may be "ccache gcc".
has_cmocka() {
    printf '%s\n' '#include <setjmp.h>' '#include <stdarg.h>' '#include <stddef.h>' \
        '#include <stdint.h>' '#include <cmocka.h>' |
        $compiler -E -x c - >/dev/null 2>&1
}

has_cmocka && exit 0

command=
if command -v apt-get >/dev/null; then
    command='apt-get install -y libcmocka-dev'
elif command -v dnf >/dev/null; then
    command='dnf install -y libcmocka-devel'
elif command -v pacman >/dev/null; then
    command='pacman -S --noconfirm cmocka'
elif command -v zypper >/dev/null; then
    command='zypper --non-interactive install libcmocka-devel'
elif command -v apk >/dev/null; then
    command='apk add cmocka-dev'
elif command -v brew >/dev/null; then
    command='brew install cmocka'
fi

rights=
if [ "$(id -u)" -ne 0 ] && [ "${command%% *}" != brew ]; then
    rights=sudo
fi

if [ -z "$command" ]; then
    echo 'The tests need the library cmocka (cmocka.org): install it, and try again.' >&2
    exit 1
fi
if [ -n "$rights" ] && ! sudo -n true 2>/dev/null; then
    echo "The tests need the library cmocka. Install it with:  sudo $command" >&2
    exit 1
fi

echo "The tests need the library cmocka; installing it: $rights $command" >&2
if [ "${command%% *}" = apt-get ]; then
    $rights apt-get update >/dev/null 2>&1 # a new machine knows no packages yet
fi
# shellcheck disable=SC2086 # a command is several words
DEBIAN_FRONTEND=noninteractive $rights $command >/dev/null 2>&1
has_cmocka && exit 0
echo "cmocka could not be installed. Try:  $rights $command" >&2
exit 1
