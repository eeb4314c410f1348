;; A command: prints the file note.txt of its first directory; exits with the errno if it cannot.
;; Then prints "more\n" until somebody ends it when it has a second argument.
;; Assemble with: npx --package wabt wat2wasm files.wat -o files.wasm
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 32) "note.txt")
  (data (i32.const 48) "more\n")
  (func (export "_start") (local $errno i32)
    (drop (call $args_sizes (i32.const 0) (i32.const 4)))
    (if (i32.gt_u (i32.load (i32.const 0)) (i32.const 1))
      (then
        (i32.store (i32.const 8) (i32.const 48))
        (i32.store (i32.const 12) (i32.const 5))
        (loop
          (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))
          (br 0))))
    (local.set $errno
      (call $open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 8) (i32.const 0)
        (i64.const 2) (i64.const 2) (i32.const 0) (i32.const 20)))
    (if (local.get $errno) (then (call $exit (local.get $errno))))
    (i32.store (i32.const 8) (i32.const 1024))
    (i32.store (i32.const 12) (i32.const 4096))
    (drop (call $read (i32.load (i32.const 20)) (i32.const 8) (i32.const 1) (i32.const 12)))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)))))
