(** The words that the theorems of this folder use.  Nothing is proved here; the file is short so that one can see
    that the theorems say what they seem to say.  [R] is the library's type of the real numbers, [f : R -> R] a
    function, [/\ \/ ~ -> <->] are and, or, not, if-then, if and only if, and [fun x => t] is the function that takes
        x to t. *)
From Coq Require Export Reals.
From Coq Require Fin.
Open Scope R_scope.

(** * The line with both ends, [-oo, oo] *)

Inductive Ext := Real (x : R) | plus_oo | minus_oo.
Coercion Real : R >-> Ext.      (* a real number counts as a point of the extended line *)

Definition ext_lt (x y : Ext) : Prop :=
  match x, y with
  | Real a, Real b => a < b
  | Real _, plus_oo | minus_oo, Real _ | minus_oo, plus_oo => True
  | _, _ => False
  end.
Definition ext_le (x y : Ext) : Prop := ext_lt x y \/ x = y.
Definition ext_opp (x : Ext) : Ext :=
  match x with Real a => Real (- a) | plus_oo => minus_oo | minus_oo => plus_oo end.
Definition ext_plus (a : R) (x : Ext) : Ext :=       (* a real number plus a point of the extended line *)
  match x with Real b => Real (a + b) | plus_oo => plus_oo | minus_oo => minus_oo end.

Declare Scope ext_scope.
Delimit Scope ext_scope with ext.
Notation "x < y" := (ext_lt x y) : ext_scope.
Notation "x <= y" := (ext_le x y) : ext_scope.
Notation "- x" := (ext_opp x) : ext_scope.
Notation "a + x" := (ext_plus a x) : ext_scope.

(** * Functions of one variable *)

(** [derivative f x g]: f is differentiable at x with slope g. *)
Definition derivative (f : R -> R) (x g : R) : Prop := derivable_pt_lim f x g.

(** The difference quotient (y - r)/h, for y in [-oo, oo] and h <> 0. *)
Definition quotient (y : Ext) (r h : R) : Ext :=
  match y with
  | Real b => Real ((b - r) / h)
  | plus_oo => if Rlt_dec 0 h then plus_oo else minus_oo
  | minus_oo => if Rlt_dec 0 h then minus_oo else plus_oo
  end.

(** Limits in [-oo, oo] as h -> 0+ and as h -> 0-: whatever real number a is below the limit, for small h the values
    are above a; whatever real number a is above the limit, for small h they are below a. *)
Definition limit_right (q : R -> Ext) (s : Ext) : Prop :=
  forall a : R,
    ((a < s)%ext -> exists d, 0 < d /\ forall h, 0 < h < d -> (a < q h)%ext) /\
    ((s < a)%ext -> exists d, 0 < d /\ forall h, 0 < h < d -> (q h < a)%ext).
Definition limit_left (q : R -> Ext) (s : Ext) : Prop := limit_right (fun h => q (- h)) s.

(** One-sided slopes in [-oo, oo] of a function that is finite at x. *)
Definition slope_right (rho : R -> Ext) (x : R) (s : Ext) : Prop :=
  exists r : R, rho x = r /\ limit_right (fun h => quotient (rho (x + h)) r h) s.
Definition slope_left (rho : R -> Ext) (x : R) (s : Ext) : Prop :=
  exists r : R, rho x = r /\ limit_left (fun h => quotient (rho (x + h)) r h) s.

Definition local_min (F : R -> Ext) (x : R) : Prop :=
  exists d, 0 < d /\ forall y, Rabs (y - x) < d -> (F x <= F y)%ext.
Definition strict_local_min (F : R -> Ext) (x : R) : Prop :=
  exists d, 0 < d /\ forall y, y <> x -> Rabs (y - x) < d -> (F x < F y)%ext.
Definition unique_min (F : R -> R) (x : R) : Prop := forall y, y <> x -> F x < F y.

Definition convex (f : R -> R) : Prop :=
  forall x y t, 0 <= t <= 1 -> f (t * x + (1 - t) * y) <= t * f x + (1 - t) * f y.

(** A convex function with values in (-oo, oo]. *)
Definition convex_ext (rho : R -> Ext) : Prop :=
  (forall x, rho x <> minus_oo) /\
  forall x y (a b : R) t, 0 <= t <= 1 -> (rho x <= a)%ext -> (rho y <= b)%ext ->
  (rho (t * x + (1 - t) * y)%R <= (t * a + (1 - t) * b)%R)%ext.

(** m lies between the one-sided slopes of rho at x. *)
Definition between_slopes (rho : R -> Ext) (x m : R) : Prop :=
  exists l r, slope_left rho x l /\ slope_right rho x r /\ (l <= m)%ext /\ (m <= r)%ext.

Definition sign (x : R) : R := if Rlt_dec 0 x then 1 else if Rlt_dec x 0 then -1 else 0.

(** u = prox_rho(v): u is the one minimum of rho(u) + (u - v)^2/2. *)
Definition is_prox (rho : R -> R) (v u : R) : Prop := unique_min (fun u => rho u + (u - v) ^ 2 / 2) u.

(** * Functions of n variables *)

(** A vector w of R^n takes the numbers 1, ..., n, which make up [Fin.t n], to real numbers w_i. *)
Definition vec (n : nat) := Fin.t n -> R.
Definition matrix (m n : nat) := Fin.t m -> vec n.     (* X r i: row r, column i *)

Fixpoint sum {n} : vec n -> R :=
  match n with
  | O => fun _ => 0
  | S m => fun f => f Fin.F1 + sum (fun j => f (Fin.FS j))
  end.
Definition dot {n} (u v : vec n) : R := sum (fun j => u j * v j).
Definition norm {n} (u : vec n) : R := sqrt (sum (fun j => u j ^ 2)).
Definition add {n} (u v : vec n) : vec n := fun j => u j + v j.
Definition minus {n} (u v : vec n) : vec n := fun j => u j - v j.
Definition times {m n} (X : matrix m n) (w : vec n) : vec m := fun r => dot (X r) w.      (* X w *)
Definition column {m n} (X : matrix m n) (i : Fin.t n) : vec m := fun r => X r i.
Definition quadratic_form {n} (A : matrix n n) (d : vec n) : R :=                            (* d^T A d *)
  sum (fun i => d i * sum (fun j => A i j * d j)).

(** w + h e_i: a step along coordinate i *)
Definition step {n} (w : vec n) (i : Fin.t n) (h : R) : vec n :=
  fun j => if Fin.eq_dec j i then w j + h else w j.

(** The partial derivative of F in direction i at w is g. *)
Definition partial {n} (F : vec n -> R) (i : Fin.t n) (w : vec n) (g : R) : Prop :=
  derivative (fun h => F (step w i h)) 0 g.

(** The map G : R^n -> R^n is differentiable at w, with the matrix H as its derivative: G(u) - G(w) - H (u - w) is small
    compared with u - w. *)
Definition derivative_n {n} (G : vec n -> vec n) (w : vec n) (H : matrix n n) : Prop :=
  forall eps, 0 < eps -> exists e, 0 < e /\ forall u, (forall j, Rabs (u j - w j) < e) ->
  norm (minus (minus (G u) (G w)) (times H (minus u w))) <= eps * norm (minus u w).

Definition near {n} (eps : R) (w u : vec n) : Prop := forall j, Rabs (u j - w j) < eps.
Definition local_min_n {n} (F : vec n -> Ext) (w : vec n) : Prop :=
  exists eps, 0 < eps /\ forall u, near eps w u -> (F w <= F u)%ext.
Definition strict_local_min_n {n} (F : vec n -> Ext) (w : vec n) : Prop :=
  exists eps, 0 < eps /\ forall u, near eps w u -> u <> w -> (F w < F u)%ext.
Definition global_min {n} (F : vec n -> R) (w : vec n) : Prop := forall u, F w <= F u.

Definition global_min_ext {n} (F : vec n -> Ext) (w : vec n) : Prop := forall u, (F w <= F u)%ext.

(** The sum of values in (-oo, oo]. *)
Fixpoint ext_sum {n} : (Fin.t n -> Ext) -> Ext :=
  match n with
  | O => fun _ => Real 0
  | S m => fun f => match f Fin.F1 with
                    | Real a => (a + ext_sum (fun j => f (Fin.FS j)))%ext
                    | infinite => infinite
                    end
  end.

Definition convex_n {n} (L : vec n -> R) : Prop :=
  forall u v t, 0 <= t <= 1 ->
  L (fun j => t * u j + (1 - t) * v j) <= t * L u + (1 - t) * L v.
