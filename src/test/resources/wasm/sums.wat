;; Functions to call by name, some of which come to no good end.
;; Assemble with: npx --package wabt wat2wasm sums.wat -o sums.wasm
(module
  (memory 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "long") (param i64) (result i64) (local.get 0))
  (func (export "half") (param f32) (result f32) (f32.div (local.get 0) (f32.const 2)))
  (func (export "third") (param f64) (result f64) (f64.div (local.get 0) (f64.const 3)))
  (func (export "two") (result i32 i64) (i32.const 1) (i64.const -1))
  (func (export "nothing"))
  (func (export "unreachable") unreachable)
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "outside") (result i32) (i32.load (i32.const 0x7ffffff0)))
  (func $deep (export "deep") (param i32) (result i32)
    (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1)))))
  (func (export "forever") (loop (br 0)))
  ;; A loop whose end can be counted, in case a compiler wants to save the look at the clock.
  (func (export "count") (param $n i64) (result i64) (local $i i64)
    (loop
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (br_if 0 (i64.lt_u (local.get $i) (local.get $n))))
    (local.get $i))
  ;; Takes memory until there is no more; answers how many pages that were.
  (func (export "hog") (result i32)
    (loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
    (memory.size)))
