;; How often each class is the true one, the predicted one, and both: tally.ts.
(module
  (memory (export "memory") 16)

  ;; of n rows: predicted classes from address 0, true ones from address truth, counts that it adds to from address support, each
  ;; a list of classes of 4 bytes: support, chosen, hits. 1, or 0 where one is no class; the counts are then worth nothing
  (func (export "count") (param $n i32) (param $classes i32) (param $truth i32) (param $support i32) (result i32)
    (local $at i32) (local $end i32) (local $label i32) (local $prediction i32)
    (local $chosen i32) (local $hits i32) (local $place i32)
    (local.set $chosen (i32.add (local.get $support) (i32.shl (local.get $classes) (i32.const 2))))
    (local.set $hits (i32.add (local.get $chosen) (i32.shl (local.get $classes) (i32.const 2))))
    (local.set $end (i32.shl (local.get $n) (i32.const 2)))
    (loop $row
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (local.set $prediction (i32.load (local.get $at)))
          (local.set $label (i32.load (i32.add (local.get $truth) (local.get $at))))
          (if (i32.or
                (i32.ge_u (local.get $label) (local.get $classes))
                (i32.ge_u (local.get $prediction) (local.get $classes)))
            (then (return (i32.const 0))))
          (local.set $place (i32.add (local.get $support) (i32.shl (local.get $label) (i32.const 2))))
          (i32.store (local.get $place) (i32.add (i32.load (local.get $place)) (i32.const 1)))
          (local.set $place (i32.add (local.get $chosen) (i32.shl (local.get $prediction) (i32.const 2))))
          (i32.store (local.get $place) (i32.add (i32.load (local.get $place)) (i32.const 1)))
          (local.set $place (i32.add (local.get $hits) (i32.shl (local.get $label) (i32.const 2))))
          (i32.store (local.get $place)
            (i32.add (i32.load (local.get $place)) (i32.eq (local.get $label) (local.get $prediction))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br $row))))
    (i32.const 1)))
