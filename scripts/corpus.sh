#!/bin/sh
# corpus.sh NAME: makes sure that a corpus is there, and prints the config file to train on it with.
#
#     fables         comes with posgpt, in data/
#     shakespeare    Tiny Shakespeare, 1.1 MB: downloaded once, to build/corpora/
#
# Exit code 0: it is there; 1: it could not be had; 2: there is no such corpus.
set -u
CDPATH='' cd "$(dirname "$0")/.." || exit 1

url=https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt
bytes=1115394
sha256=86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed
file=build/corpora/tinyshakespeare.txt

# download URL FILE: prints why it could not, where it knows.
download() {
    if command -v curl >/dev/null; then
        curl --fail --silent --show-error --location --connect-timeout 30 --output "$2" "$1" 2>&1
    elif command -v wget >/dev/null; then
        wget -q -T 30 -O "$2" "$1" 2>&1
    else
        echo 'neither curl nor wget is installed'
        return 1
    fi
}

sha256_of() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1"
    else
        shasum -a 256 <"$1"
    fi | cut -d ' ' -f 1
}

# Is this file, byte for byte, the corpus? If not, "found" says what it is.
is_right() {
    found="$(($(wc -c <"$1"))) bytes"
    [ "$found" = "$bytes bytes" ] || return 1
    found="SHA-256 $(sha256_of "$1")"
    [ "$found" = "SHA-256 $sha256" ]
}

fetch_shakespeare() {
    if [ -f "$file" ]; then
        is_right "$file" && return 0
        echo "$file: $found: expected $bytes bytes, SHA-256 $sha256; fetching it anew" >&2
    fi
    mkdir -p "${file%/*}" || return 1
    part=$file.$$ # no other download, and no reader, meets a file that is half there
    trap 'rm -f "$part"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    echo "Downloading Tiny Shakespeare ($bytes bytes) to $file" >&2
    if ! reason=$(download "$url" "$part"); then
        echo "$url: download failed${reason:+: $reason}; it can be saved by hand as $file" >&2
        return 1
    fi
    if ! is_right "$part"; then
        echo "$url: $found: expected $bytes bytes, SHA-256 $sha256" >&2
        return 1
    fi
    mv "$part" "$file"
}

case ${1-} in
fables)
    echo configs/default.ini
    ;;
shakespeare)
    fetch_shakespeare || exit 1
    echo configs/shakespeare.ini
    ;;
*)
    printf '%s\n' "corpus '${1-}': there is none of this name: expected fables or shakespeare" >&2
    exit 2
    ;;
esac
