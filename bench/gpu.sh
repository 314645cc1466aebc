#!/usr/bin/env bash
# All that a person with a GPU must do to try the cuda engine, and to measure it:
# build it, ask doctor, run the tensor program's spec on it, and time it over chains and rows.
#
#   bench/gpu.sh [--cpu] [--quick] [--tensorflow DIR|WHEEL] [--out DIR]
#
# --cpu         the same on the native engine (TensorFlow's CPU kernels) with small sizes: to try this script without a GPU
# --quick       fewer and smaller sizes on the GPU too
# --tensorflow  a TensorFlow folder or wheel for `bridgewise engine build` (default: the active Python's, else pip's)
# --out         where the results go (default: bench/results)
#
# Needs Linux, Node 22.18 or newer, g++, and after a clone `npm ci && npm run build`. Writes gpu-ENGINE-doctor.json,
# gpu-ENGINE-spec.txt, gpu-ENGINE-scaling.json and .md. Ends with 1 where the spec fails or did not run, after the timings all the same.
set -euo pipefail

refuse() {
  echo "gpu.sh: $1" >&2
  exit 2
}

engine=cuda
quick=()
tensorflow=()
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/bench/results
while [ $# -gt 0 ]; do
  case $1 in
    --cpu) engine=native quick=(--quick) ;;
    --quick) quick=(--quick) ;;
    --tensorflow | --out)
      [ $# -ge 2 ] || refuse "$1 needs a value"
      if [ "$1" = --out ]; then out=$2; else tensorflow=(--tensorflow "$2"); fi
      shift
      ;;
    *) refuse "unknown option '$1'; there are --cpu, --quick, --tensorflow, --out" ;;
  esac
  shift
done

if [ $engine = cuda ]; then
  command -v nvidia-smi >/dev/null ||
    refuse "no GPU here: nvidia-smi is not on the PATH; install NVIDIA's driver, or try the script with --cpu"
  gpu=$(nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader 2>&1 | head -n 1) && [ -n "$gpu" ] ||
    refuse "no GPU here: nvidia-smi says '$gpu'; see to the driver, or try the script with --cpu"
  build=(--gpu)
  # or TensorFlow takes the whole card
  export TF_FORCE_GPU_ALLOW_GROWTH=true
else
  gpu="none (native engine)"
  build=()
fi
export PATH=$root/node_modules/.bin:$PATH
[ -f "$root/packages/cli/dist/main.js" ] || refuse "the packages are not built: run 'npm ci && npm run build' first"
bridgewise() { node "$root/packages/cli/bin/bridgewise.js" "$@"; }

mkdir -p "$out"
out=$(cd "$out" && pwd)
prefix=$out/gpu-$engine
step() { printf '\n== %s\n' "$1"; }

step "1/4 build the engine: $engine, GPU: $gpu"
bridgewise engine build "${build[@]}" "${tensorflow[@]}"

step "2/4 what bridgewise sees"
bridgewise doctor
bridgewise doctor --json >"$prefix-doctor.json.part"
mv "$prefix-doctor.json.part" "$prefix-doctor.json"

step "3/4 the tensor program's spec: densities, energies, determinism, tensors leaked"
spec=0
(
  cd "$root/packages/sampler-gpu"
  BRIDGEWISE_SPEC_ENGINE=$engine npx vitest run --reporter=verbose test/tensor-native.test.ts
) 2>&1 | tee "$prefix-spec.txt" || spec=1
# vitest is content where every test was skipped, or ran on another engine
sed -i 's/\x1b\[[0-9;]*m//g' "$prefix-spec.txt"
grep -Eq 'Tests .*[0-9]+ passed' "$prefix-spec.txt" && grep -q "✓.*tensor program, $engine" "$prefix-spec.txt" || spec=1

step "4/4 time over chains and rows"
node "$root/bench/scaling.mjs" --engine $engine --gpu "$gpu" --out "$out" --name "gpu-$engine-scaling" "${quick[@]}"

step "results in $out: gpu-$engine-doctor.json, -spec.txt, -scaling.json, -scaling.md"
[ $spec = 0 ] || echo "gpu.sh: the spec did not pass on $engine: see $prefix-spec.txt" >&2
exit $spec
