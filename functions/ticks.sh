#!/usr/bin/env bash
# Prints one line every 200 ms, to watch output arrive while a script still runs: ticks.sh [LINES]
for ((tick = 1; tick <= ${1:-10}; tick++)); do
  echo "tick $tick"
  sleep 0.2
done
