;; A command: prints its arguments and its environment, a line each, says "done" on standard error
;; and exits with the number of its arguments, its own name among them.
;; Assemble with: npx --package wabt wat2wasm echo.wat -o echo.wasm
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $env (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 32) "done\n")
  ;; 0: count, 4: size, 8: address and length of what is written, 16: how much was
  (func $print (param $fd i32) (param $at i32) (param $size i32)
    (i32.store (i32.const 8) (local.get $at))
    (i32.store (i32.const 12) (local.get $size))
    (drop (call $write (local.get $fd) (i32.const 8) (i32.const 1) (i32.const 16))))
  ;; The texts lie one after the other from 4096, each with a zero at its end.
  (func $lines (local $i i32)
    (block
      (loop
        (br_if 1 (i32.ge_u (local.get $i) (i32.load (i32.const 4))))
        (if (i32.eqz (i32.load8_u (i32.add (i32.const 4096) (local.get $i))))
          (then (i32.store8 (i32.add (i32.const 4096) (local.get $i)) (i32.const 10))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br 0)))
    (call $print (i32.const 1) (i32.const 4096) (i32.load (i32.const 4))))
  (func (export "_start") (local $count i32)
    (drop (call $args_sizes (i32.const 0) (i32.const 4)))
    (local.set $count (i32.load (i32.const 0)))
    (drop (call $args (i32.const 64) (i32.const 4096)))
    (call $lines)
    (drop (call $env_sizes (i32.const 0) (i32.const 4)))
    (drop (call $env (i32.const 64) (i32.const 4096)))
    (call $lines)
    (call $print (i32.const 2) (i32.const 32) (i32.const 5))
    (call $exit (local.get $count))))
