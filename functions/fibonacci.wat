;; Fibonacci numbers by plain recursion: fib(0) = 0, fib(1) = 1, fib(10) = 55.
;; Assemble with: npx --package wabt wat2wasm fibonacci.wat -o fibonacci.wasm
(module
  (func $fib (export "fib") (param $n i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else
        (i32.add
          (call $fib (i32.sub (local.get $n) (i32.const 1)))
          (call $fib (i32.sub (local.get $n) (i32.const 2))))))))
