#!/usr/bin/env bash
echo "Hello from bash, ${1:-world}!"
