#!/bin/sh
# make_seeds.sh: makes tests/fuzz/seeds/checkpoint with build/posgpt: the smallest models there are,
# one of each positional scheme, each after one step.
#
#     make && sh tests/fuzz/make_seeds.sh
set -eu

seeds=tests/fuzz/seeds/checkpoint
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$seeds"
yes 'ab.' | head -n 20 >"$folder/text"

# make_seed NAME FILE FLAG...: trains a model, and keeps FILE of its run as NAME.
make_seed() {
    name=$1
    file=$2
    shift 2
    build/posgpt train --data "$folder/text" --out-dir "$folder" --name "$name" --n-layer 1 \
        --n-head 1 --n-embd 2 --block-size 2 --batch-size 1 --max-iters 1 --sample-chars 0 \
        --threads 1 "$@" 2>"$folder/log" || { cat "$folder/log" >&2 && exit 1; }
    cp "$folder/$name/$file.safetensors" "$seeds/$name.safetensors"
}

for pos in $(sed -n 's/^ *ROW(\([a-z0-9_]*\)).*/\1/p' src/pos/registry.c); do
    make_seed "$pos" best --pos "$pos"
done
make_seed bias best --pos none --bias yes
make_seed both-sides best --pos none --causal no
make_seed words best --pos none --tokens word
make_seed moments checkpoint --pos none
