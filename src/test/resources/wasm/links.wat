;; A command: opens the file that its first argument names in its first directory, links followed;
;; exits with the errno if it cannot. With a second argument the file is made when it is missing and
;; begins with "made" then. Prints how the file begins.
;; Assemble with: npx --package wabt wat2wasm links.wat -o links.wasm
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 48) "made")
  (func (export "_start") (local $errno i32) (local $made i32) (local $path i32) (local $end i32)
    (drop (call $args_sizes (i32.const 0) (i32.const 4)))
    (drop (call $args (i32.const 64) (i32.const 128)))
    (local.set $made (i32.gt_u (i32.load (i32.const 0)) (i32.const 2)))
    (local.set $path (i32.load (i32.const 68)))
    (local.set $end (local.get $path))
    (loop
      (local.set $end (i32.add (local.get $end) (i32.const 1)))
      (br_if 0 (i32.load8_u (local.get $end))))
    (local.set $errno
      (call $open (i32.const 3) (i32.const 1)
        (local.get $path) (i32.sub (local.get $end) (local.get $path)) (local.get $made)
        (i64.extend_i32_u (i32.add (i32.const 2) (i32.shl (local.get $made) (i32.const 6))))
        (i64.const 0) (i32.const 0) (i32.const 20)))
    (if (local.get $errno) (then (call $exit (local.get $errno))))
    (i32.store (i32.const 8) (i32.const 48))
    (i32.store (i32.const 12) (i32.const 4))
    (if (local.get $made)
      (then
        (drop (call $write (i32.load (i32.const 20)) (i32.const 8) (i32.const 1) (i32.const 16))))
      (else
        (drop (call $read (i32.load (i32.const 20)) (i32.const 8) (i32.const 1) (i32.const 12)))))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
