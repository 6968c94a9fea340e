(** The chapter "How many zeros, and which?". *)
Require Import Basics Convexity.

(** * All of them *)

Definition is_norm {n} (Omega : vec n -> R) : Prop :=
  (forall u, Omega u = 0 -> forall j, u j = 0) /\ (forall a u, Omega (fun j => a * u j) = Rabs a * Omega u) /\
  (forall u v, Omega (add u v) <= Omega u + Omega v).

(** The dual norm of g, the largest g.u among all u with Omega(u) <= 1, is at most b. *)
Definition dual_at_most {n} (Omega : vec n -> R) (g : vec n) (b : R) : Prop := forall u, Omega u <= 1 -> dot g u <= b.

Lemma norm_zero : forall n (Omega : vec n -> R), is_norm Omega -> Omega (fun _ => 0) = 0.
Proof.
  intros n Omega (_ & H & _); assert (K := H 0 (fun _ => 0)); cbv beta in K.
  rewrite Rabs_R0 in K.
  replace (fun j : Fin.t n => 0 * 0) with (fun _ : Fin.t n => 0) in K
    by (apply functional_extensionality; intro; ring).
  lra.
Qed.

Lemma norm_nonneg : forall n (Omega : vec n -> R), is_norm Omega -> forall u, 0 <= Omega u.
Proof.
  intros n Omega N u; assert (Z := norm_zero n Omega N); destruct N as (_ & H & T).
  assert (K := T u (fun j => -1 * u j)); rewrite H, Rabs_left in K by lra.
  replace (add u (fun j => -1 * u j)) with (fun _ : Fin.t n => 0) in K
    by (apply functional_extensionality; intro; unfold add; ring).
  lra.
Qed.

Lemma dot_scal : forall n (g u : vec n) a, dot g (fun j => a * u j) = a * dot g u.
Proof. intros; unfold dot; rewrite <- sum_scal; apply sum_ext; intro; ring. Qed.

Lemma dot_zero : forall n (g u : vec n), (forall j, u j = 0) -> dot g u = 0.
Proof.
  intros n g u H; unfold dot; rewrite <- (sum_zero n); apply sum_ext; intro; rewrite H; ring.
Qed.

Lemma dual_bound : forall n (Omega : vec n -> R) g b, is_norm Omega -> dual_at_most Omega g b ->
  forall u, dot g u <= b * Omega u.
Proof.
  intros n Omega g b N D u; assert (P := norm_nonneg n Omega N u); destruct N as (Def & H & _).
  destruct (Req_dec (Omega u) 0) as [E | E].
  - rewrite E, dot_zero by now apply Def. lra.
  - assert (K := D (fun j => / Omega u * u j)).
    rewrite H, dot_scal, Rabs_right in K by (left; apply Rinv_0_lt_compat; lra).
    rewrite Rinv_l in K by exact E; specialize (K (Rle_refl 1)).
    apply Rmult_le_compat_r with (r := Omega u) in K; [| lra].
    replace (/ Omega u * dot g u * Omega u) with (dot g u) in K by (field; exact E). exact K.
Qed.

(** L is differentiable at 0 with gradient g; the slopes along lines through 0 are all that is needed. *)
Definition gradient_at_zero {n} (L : vec n -> R) (g : vec n) : Prop :=
  forall d, derivative (fun t => L (fun j => t * d j)) 0 (dot g d).

Lemma gradient_partial : forall n (L : vec n -> R) g, gradient_at_zero L g -> forall i, partial L i (fun _ => 0) (g i).
Proof.
  intros n L g G i; unfold partial.
  assert (K := G (fun j => if Fin.eq_dec j i then 1 else 0)).
  replace (dot g (fun j => if Fin.eq_dec j i then 1 else 0)) with (g i) in K.
  - replace (fun h => L (step (fun _ => 0) i h)) with
      (fun t => L (fun j => t * (if Fin.eq_dec j i then 1 else 0))); [exact K |].
    apply functional_extensionality; intro t; f_equal; apply functional_extensionality; intro j; unfold step.
    destruct (Fin.eq_dec j i); ring.
  - unfold dot; rewrite <- (sum_pick n g i); apply sum_ext; intro j; destruct (Fin.eq_dec j i); ring.
Qed.

Lemma above_tangent : forall n (L : vec n -> R) g, convex_n L -> gradient_at_zero L g ->
  forall u, L (fun _ => 0) + dot g u <= L u.
Proof.
  intros n L g C G u.
  assert (K := gradient_inequality n L (fun _ => 0) g C (gradient_partial n L g G) u); cbv beta in K.
  rewrite (sum_ext _ (fun j => g j * (u j - 0)) (fun j => g j * u j)) in K by (intro; ring). exact K.
Qed.

(** "All weights zero": 0 minimizes L + beta Omega exactly if the dual norm of the gradient at 0 is at most beta. *)
Theorem prop_dual_norm_1 :
  forall n (L Omega : vec n -> R) (g : vec n) (beta : R), convex_n L -> gradient_at_zero L g -> is_norm Omega ->
  0 < beta -> (global_min (fun u => L u + beta * Omega u) (fun _ => 0) <-> dual_at_most Omega g beta).
Proof.
  intros n L Omega g beta C G N Hb; assert (Z := norm_zero n Omega N); split.
  - intros M u Hu; apply Rnot_lt_le; intro A; destruct N as (_ & H & _).
    set (eps := (dot g u - beta) / 2).
    destruct (G u eps) as [[d Hd] K]; [unfold eps; lra |]; simpl in K.
    specialize (K (- (d / 2)) ltac:(lra) ltac:(rewrite Rabs_left; lra)); apply Rabs_def2 in K; rewrite Rplus_0_l in K.
    assert (M' := M (fun j => - (d / 2) * u j)); cbv beta in M'; rewrite H, Z, Rabs_left in M' by lra.
    replace (fun j => 0 * u j) with (fun _ : Fin.t n => 0) in K by (apply functional_extensionality; intro; ring).
    set (z := L (fun _ => 0)) in *; set (y := L (fun j => - (d / 2) * u j)) in *.
    assert (E : y - z = (y - z) / - (d / 2) * - (d / 2)) by (field; lra).
    set (q := (y - z) / - (d / 2)) in *.
    assert (B : beta * (d / 2 * Omega u) <= beta * (d / 2)) by (apply Rmult_le_compat_l; nra).
    assert (q > beta) by (unfold eps in K; lra). nra.
  - intros D u; cbv beta; rewrite Z.
    assert (K := dual_bound n Omega g beta N D (fun j => -1 * u j)); rewrite dot_scal in K.
    destruct N as (_ & H & _); rewrite H, Rabs_left in K by lra.
    generalize (above_tangent n L g C G u); lra.
Qed.

(** If the dual norm is smaller than beta, 0 is the only minimum. *)
Theorem prop_dual_norm_2 :
  forall n (L Omega : vec n -> R) (g : vec n) (beta b : R), convex_n L -> gradient_at_zero L g -> is_norm Omega ->
  b < beta -> dual_at_most Omega g b ->
  forall w, global_min (fun u => L u + beta * Omega u) w -> forall j, w j = 0.
Proof.
  intros n L Omega g beta b C G N Hb D w M; assert (Z := norm_zero n Omega N); assert (P := norm_nonneg n Omega N w).
  assert (K := dual_bound n Omega g b N D (fun j => -1 * w j)); rewrite dot_scal in K.
  assert (N' := N); destruct N as (Def & H & _); rewrite H, Rabs_left in K by lra.
  specialize (M (fun _ => 0)); cbv beta in M; rewrite Z in M.
  assert (T := above_tangent n L g C G w). apply Def; nra.
Qed.

(** Near miss: "the only one" where the dual norm is equal to beta.  L(u) = -u with |u| is 0 for all u >= 0. *)
Lemma miss_prop_dual_norm_edge :
  let F := fun u : vec 1 => - u Fin.F1 + 1 * Rabs (u Fin.F1) in
  global_min F (fun _ => 0) /\ global_min F (fun _ => 1).
Proof.
  intro F; split; intro u; unfold F; rewrite ?Rabs_R0, ?Rabs_R1; generalize (abs_between (u Fin.F1)); lra.
Qed.

(** * How many *)

Definition squared {m} (v : vec m) : R := sum (fun r => v r ^ 2).

(** The objective of the lasso, multiplied by the number of samples; lam is that number times beta. *)
Definition lasso_objective {m n} (X : matrix m n) (y : vec m) (lam : R) (w : vec n) : R :=
  squared (minus y (times X w)) / 2 + lam * sum (fun j => Rabs (w j)).

(** The residual at w. *)
Definition residual {m n} (X : matrix m n) (y : vec m) (w : vec n) : vec m := minus y (times X w).

Lemma squared_nonneg : forall m (v : vec m), 0 <= squared v.
Proof. intros; apply sum_nonneg; intro; apply pow2_ge_0. Qed.

Lemma squared_minus : forall m (a b : vec m), squared (minus a b) = squared a - 2 * dot a b + squared b.
Proof.
  intros m a b; unfold squared, dot, minus.
  rewrite (sum_ext _ _ (fun r => a r ^ 2 + (-2 * (a r * b r) + b r ^ 2))) by (intro; ring).
  rewrite !sum_plus, sum_scal; ring.
Qed.

Lemma dot_minus : forall m (v a b : vec m), dot v (minus a b) = dot v a - dot v b.
Proof.
  intros; unfold dot, minus; rewrite (sum_ext _ _ (fun r => v r * a r + -1 * (v r * b r))) by (intro; ring).
  rewrite sum_plus, sum_scal; ring.
Qed.

Lemma times_minus : forall m n (X : matrix m n) (a b : vec n), times X (minus a b) = minus (times X a) (times X b).
Proof. intros; apply functional_extensionality; intro r; unfold times at 1; rewrite dot_minus; reflexivity. Qed.

Lemma dot_comm : forall m (a b : vec m), dot a b = dot b a.
Proof. intros; unfold dot; apply sum_ext; intro; ring. Qed.

Lemma one_weight : forall a x q lam, 0 <= q -> 0 < lam ->
  (forall h, h * a <= h ^ 2 / 2 * q + lam * (Rabs (x + h) - Rabs x)) -> Rabs a <= lam /\ x * a = lam * Rabs x.
Proof.
  intros a x q lam Hq Hl H.
  assert (H' : forall h, h * a <= h ^ 2 / 2 * q + lam * Rabs h).
  { intro h; apply Rle_trans with (1 := H h); apply Rplus_le_compat_l, Rmult_le_compat_l; [lra |].
    generalize (Rabs_triang x h); lra. }
  assert (A : Rabs a <= lam).
  { apply Rnot_lt_le; intro N. set (d := Rabs a - lam).
    assert (Pd : 0 < d) by (unfold d; lra).
    set (t := d / (q + 1)). assert (Pt : 0 < t) by (apply Rdiv_lt_0_compat; lra).
    assert (Et : t * (q + 1) = d) by (unfold t; field; lra).
    assert (K : t * Rabs a <= t ^ 2 / 2 * q + lam * t).
    { destruct (Rle_dec 0 a) as [S | S].
      - specialize (H' t); rewrite (Rabs_right t) in H' by lra; rewrite Rabs_right by lra; exact H'.
      - specialize (H' (- t)); rewrite (Rabs_left (- t)) in H' by lra; rewrite (Rabs_left a) by lra.
        replace ((- t) ^ 2) with (t ^ 2) in H' by ring; lra. }
    assert (t * d <= t * (t * q / 2)) by (unfold d; lra).
    assert (d <= t * q / 2) by (apply Rmult_le_reg_l with t; lra). nra. }
  split; [exact A |]; apply Rle_antisym.
  - apply Rle_trans with (1 := Rle_abs _); rewrite Rabs_mult; generalize (Rabs_pos x); nra.
  - apply Rnot_lt_le; intro N; set (d := lam * Rabs x - x * a); assert (Pd : 0 < d) by (unfold d; lra).
    set (s := x ^ 2 * q). assert (Ps : 0 <= s) by (apply Rmult_le_pos; [apply pow2_ge_0 | lra]).
    set (t := d / (s + d + 1)). assert (Pt : 0 < t) by (apply Rdiv_lt_0_compat; lra).
    assert (Et : t * (s + d + 1) = d) by (unfold t; field; lra).
    assert (T1 : t < 1) by nra.
    specialize (H (- t * x)); replace (x + - t * x) with ((1 - t) * x) in H by ring.
    rewrite Rabs_mult, (Rabs_right (1 - t)) in H by lra.
    assert (t * d <= t * (t * s / 2)) by (unfold d, s; lra).
    assert (d <= t * s / 2) by (apply Rmult_le_reg_l with t; lra). nra.
Qed.

Lemma fit_slack : forall m n (X : matrix m n) y lam w, 0 < lam -> global_min (lasso_objective X y lam) w ->
  forall j, Rabs (dot (residual X y w) (column X j)) <= lam /\
            w j * dot (residual X y w) (column X j) = lam * Rabs (w j).
Proof.
  intros m n X y lam w Hl M j; apply one_weight with (squared (column X j)); [apply squared_nonneg | exact Hl |].
  intro h; assert (K := M (step w j h)); unfold lasso_objective in K.
  replace (minus y (times X (step w j h))) with (minus (residual X y w) (fun r => h * column X j r)) in K.
  2: { apply functional_extensionality; intro r; unfold minus, residual, minus, column; rewrite times_step; ring. }
  rewrite (squared_minus _ (residual X y w)) in K; fold (residual X y w) in K.
  assert (Dt : dot (residual X y w) (fun r => h * column X j r) = h * dot (residual X y w) (column X j))
    by apply dot_scal.
  assert (Sq : squared (fun r => h * column X j r) = h ^ 2 * squared (column X j)).
  { unfold squared; rewrite <- sum_scal; apply sum_ext; intro; ring. }
  assert (S := sum_one n (fun k => Rabs (step w j h k)) (fun k => Rabs (w k)) j); cbv beta in S.
  rewrite step_same in S; specialize (S ltac:(intros k Hk; now rewrite step_other)).
  rewrite Sq, Dt in K; set (p := sum (fun k => Rabs (step w j h k))) in *; set (p0 := sum (fun k => Rabs (w k))) in *.
  rewrite <- S; lra.
Qed.

(** The other way round: this makes w a minimum, and says by how much every other point is higher. *)
Lemma lasso_gain : forall m n (X : matrix m n) y lam (w u : vec n),
  (forall j, w j * dot (residual X y w) (column X j) = lam * Rabs (w j)) ->
  lasso_objective X y lam u = lasso_objective X y lam w + squared (times X (minus u w)) / 2
    + sum (fun j => lam * Rabs (u j) - u j * dot (residual X y w) (column X j)).
Proof.
  intros m n X y lam w u E; unfold lasso_objective; fold (residual X y w).
  replace (minus y (times X u)) with (minus (residual X y w) (times X (minus u w))).
  2: { rewrite times_minus; apply functional_extensionality; intro r; unfold minus, residual, minus; ring. }
  rewrite (squared_minus _ (residual X y w)), dot_times.
  rewrite (sum_ext _ (fun j => dot (residual X y w) (column X j) * minus u w j)
    (fun j => u j * dot (residual X y w) (column X j) + - lam * Rabs (w j))).
  2: { intro j; unfold minus; specialize (E j); lra. }
  rewrite (sum_ext _ (fun j => lam * Rabs (u j) - u j * dot (residual X y w) (column X j))
    (fun j => lam * Rabs (u j) + -1 * (u j * dot (residual X y w) (column X j)))) by (intro; ring).
  rewrite !sum_plus, !sum_scal; field.
Qed.

Lemma gain_nonneg : forall m n (X : matrix m n) y lam (w u : vec n) j,
  Rabs (dot (residual X y w) (column X j)) <= lam ->
  0 <= lam * Rabs (u j) - u j * dot (residual X y w) (column X j).
Proof.
  intros m n X y lam w u j H; assert (K := Rle_abs (u j * dot (residual X y w) (column X j))).
  rewrite Rabs_mult in K; generalize (Rabs_pos (u j)); nra.
Qed.

Lemma residual_obtuse : forall m n (X : matrix m n) y lam w (r : vec m), 0 < lam ->
  global_min (lasso_objective X y lam) w -> (forall j, Rabs (dot r (column X j)) <= lam) ->
  dot (times X w) (minus r (residual X y w)) <= 0.
Proof.
  intros m n X y lam w r Hl M F; rewrite dot_comm, dot_times, <- (sum_zero n); apply sum_le; intro j.
  destruct (fit_slack m n X y lam w Hl M j) as [_ E].
  rewrite dot_comm, dot_minus, (dot_comm _ (column X j) r), (dot_comm _ (column X j)).
  assert (K := Rle_abs (dot r (column X j) * w j)); rewrite Rabs_mult in K.
  specialize (F j); generalize (Rabs_pos (w j)); nra.
Qed.

(** "The fit moves no further than the targets", part 1: the residual is the one point of the polyhedron that is nearest
    to the targets. *)
Theorem prop_fit_1 :
  forall m n (X : matrix m n) (y : vec m) (lam : R) (w : vec n), 0 < lam -> global_min (lasso_objective X y lam) w ->
  (forall j, Rabs (dot (residual X y w) (column X j)) <= lam) /\
  forall r : vec m, (forall j, Rabs (dot r (column X j)) <= lam) -> (exists i, r i <> residual X y w i) ->
  squared (minus y (residual X y w)) < squared (minus y r).
Proof.
  intros m n X y lam w Hl M; split; [intro j; apply (fit_slack m n X y lam w Hl M j) |]; intros r F [i D].
  assert (O := residual_obtuse m n X y lam w r Hl M F).
  assert (Fit : minus y (residual X y w) = times X w).
  { apply functional_extensionality; intro k; unfold minus, residual, minus; ring. }
  replace (minus y r) with (minus (times X w) (minus r (residual X y w))).
  2: { rewrite <- Fit; apply functional_extensionality; intro k; unfold minus; ring. }
  rewrite Fit, (squared_minus _ (times X w)).
  assert (P : 0 < squared (minus r (residual X y w))); [| lra].
  destruct (squared_nonneg _ (minus r (residual X y w))) as [P | P]; [exact P |].
  assert (Z := squares_zero _ (minus r (residual X y w)) ltac:(unfold squared in P; lra) i); unfold minus at 1 in Z; lra.
Qed.

(** Part 2. *)
Theorem prop_fit_2 :
  forall m n (X : matrix m n) (y y' : vec m) (lam : R) (w w' : vec n), 0 < lam ->
  global_min (lasso_objective X y lam) w -> global_min (lasso_objective X y' lam) w' ->
  norm (minus (times X w) (times X w')) <= norm (minus y y').
Proof.
  intros m n X y y' lam w w' Hl M M'.
  assert (O := residual_obtuse m n X y lam w (residual X y' w') Hl M
    (fun j => proj1 (fit_slack m n X y' lam w' Hl M' j))).
  assert (O' := residual_obtuse m n X y' lam w' (residual X y w) Hl M'
    (fun j => proj1 (fit_slack m n X y lam w Hl M j))).
  set (d := minus (times X w) (times X w')); set (e := minus y y').
  assert (S : squared d <= dot d e).
  { assert (E : minus (residual X y' w') (residual X y w) = minus d e).
    { apply functional_extensionality; intro r; unfold d, e, residual, minus; ring. }
    assert (E' : minus (residual X y w) (residual X y' w') = minus e d).
    { apply functional_extensionality; intro r; unfold d, e, residual, minus; ring. }
    rewrite E in O; rewrite E' in O'; rewrite dot_minus in O, O'.
    assert (dot d d = squared d) by (unfold dot, squared; apply sum_ext; intro; ring).
    assert (B : forall v, dot d v = dot (times X w) v - dot (times X w') v).
    { intro v; rewrite dot_comm; unfold d; rewrite dot_minus, !(dot_comm _ v); ring. }
    assert (B1 := B d); assert (B2 := B e); lra. }
  assert (C := dot_le_norm _ d e); generalize (Rle_abs (dot d e)); intro A.
  assert (Ns : norm d * norm d = squared d) by (unfold norm; apply sqrt_sqrt, squared_nonneg).
  assert (0 <= norm d) by apply sqrt_pos. assert (0 <= norm e) by apply sqrt_pos.
  destruct (Rle_dec (norm d) (norm e)) as [L | L]; [exact L | nra].
Qed.

(** Near miss: the weights do move further than the targets, here by 4 where the targets move by 2. *)
Lemma miss_prop_fit_weights :
  let X : matrix 1 1 := fun _ _ => 1 / 2 in
  global_min (lasso_objective X (fun _ => 2) (1 / 4)) (fun _ => 3) /\
  global_min (lasso_objective X (fun _ => 4) (1 / 4)) (fun _ => 7).
Proof.
  intro X; split; intro u; unfold lasso_objective, squared, minus, times, dot, X; simpl;
    rewrite Rabs_right by lra; generalize (abs_between (u Fin.F1)); intro A;
    [generalize (pow2_ge_0 (u Fin.F1 - 3)) | generalize (pow2_ge_0 (u Fin.F1 - 7))]; lra.
Qed.

(** * Which *)

(** w and the truth w0 have the same support and the same signs. *)
Definition same_signs {n} (w w0 : vec n) : Prop := forall j, sign (w j) = sign (w0 j).

(** v solves the equations X_S^T X_S v_S = s, where S is the support of the truth w0 and s its signs. *)
Definition pulls {m n} (X : matrix m n) (w0 v : vec n) : Prop :=
  forall j, (w0 j = 0 -> v j = 0) /\ (w0 j <> 0 -> dot (times X v) (column X j) = sign (w0 j)).

(** X_S^T X_S is invertible. *)
Definition invertible_on_support {m n} (X : matrix m n) (w0 : vec n) : Prop :=
  forall u : vec n, (forall j, w0 j = 0 -> u j = 0) ->
  (forall j, w0 j <> 0 -> dot (times X u) (column X j) = 0) -> forall j, u j = 0.

(** gamma_j = x_j^T X_S (X_S^T X_S)^-1 s *)
Definition pull {m n} (X : matrix m n) (v : vec n) (j : Fin.t n) : R := dot (times X v) (column X j).

Definition shrunk {n} (w0 v : vec n) (lam : R) : vec n := fun j => w0 j - lam * v j.

Lemma sign_zero : forall x, sign x = 0 -> x = 0.
Proof. intros x H; unfold sign in H; destruct (Rlt_dec 0 x), (Rlt_dec x 0); lra. Qed.

Lemma abs_sign : forall x, Rabs x = x * sign x.
Proof.
  intro x; destruct (Rtotal_order x 0) as [H | [-> | H]].
  - rewrite Rabs_left, sign_neg by lra; ring.
  - rewrite Rabs_R0; ring.
  - rewrite Rabs_right, sign_pos by lra; ring.
Qed.

Lemma dot_minus_l : forall m (a b v : vec m), dot (minus a b) v = dot a v - dot b v.
Proof. intros; now rewrite dot_comm, dot_minus, !(dot_comm _ v). Qed.

Lemma residual_pull : forall m n (X : matrix m n) (w0 v : vec n) lam j,
  dot (residual X (times X w0) (shrunk w0 v lam)) (column X j) = lam * pull X v j.
Proof.
  intros; unfold residual, pull; rewrite <- times_minus.
  replace (minus w0 (shrunk w0 v lam)) with (fun k => lam * v k)
    by (apply functional_extensionality; intro; unfold minus, shrunk; ring).
  rewrite dot_comm; replace (times X (fun k => lam * v k)) with (fun r => lam * times X v r)
    by (apply functional_extensionality; intro r; unfold times at 2; now rewrite dot_scal).
  now rewrite dot_scal, dot_comm.
Qed.

(** "The irrepresentable condition is the slack".  The targets X w0 have no noise. *)
(** Part 1: a minimum with the support and the signs of the truth can only be this one, and there the slope of the loss
    for a weight off the support is -lam gamma_j. *)
(* Scope: loss and penalty are multiplied by the number n of samples. *)
Theorem prop_irrepresentable_1 :
  forall m n (X : matrix m n) (w0 v w : vec n) (lam : R), 0 < lam -> invertible_on_support X w0 -> pulls X w0 v ->
  global_min (lasso_objective X (times X w0) lam) w -> same_signs w w0 ->
  (forall j, w j = w0 j - lam * v j) /\
  (forall j, w0 j = 0 -> dot (minus (times X w) (times X w0)) (column X j) = - (lam * pull X v j)).
Proof.
  intros m n X w0 v w lam Hl Inv Pv M S.
  assert (E : forall j, minus (shrunk w0 v lam) w j = 0).
  { apply Inv.
    - intros j Z; unfold minus, shrunk; destruct (Pv j) as [V _]; rewrite (V Z), Z.
      assert (W := S j); rewrite Z, sign_0 in W; apply sign_zero in W; lra.
    - intros j Z; destruct (fit_slack m n X _ lam w Hl M j) as [_ F]; destruct (Pv j) as [_ V]; specialize (V Z).
      assert (W : w j <> 0).
      { intro A; assert (B := S j); rewrite A, sign_0 in B; symmetry in B; now apply sign_zero in B. }
      rewrite abs_sign, S in F.
      assert (F' : dot (residual X (times X w0) w) (column X j) = lam * sign (w0 j)).
      { apply Rmult_eq_reg_l with (w j); [lra | exact W]. }
      assert (G := residual_pull m n X w0 v lam j); unfold residual in F', G; rewrite dot_minus_l in F', G.
      rewrite times_minus, dot_minus_l; unfold pull in G; rewrite V in G; lra. }
  assert (E' : forall j, w j = w0 j - lam * v j) by (intro j; specialize (E j); unfold minus, shrunk in E; lra).
  split; [exact E' |]; intros j _.
  assert (G := residual_pull m n X w0 v lam j).
  replace (shrunk w0 v lam) with w in G by (apply functional_extensionality; intro k; now rewrite E').
  unfold residual in G; rewrite dot_minus_l in G |- *; lra.
Qed.

(** Part 2: it is a minimum if no |gamma_j| exceeds 1, and the only one if all are below 1. *)
(* Scope: loss and penalty are multiplied by the number n of samples. *)
Theorem prop_irrepresentable_2 :
  forall m n (X : matrix m n) (w0 v : vec n) (lam : R), 0 < lam -> invertible_on_support X w0 -> pulls X w0 v ->
  same_signs (shrunk w0 v lam) w0 ->
  ((forall j, w0 j = 0 -> Rabs (pull X v j) <= 1) -> global_min (lasso_objective X (times X w0) lam) (shrunk w0 v lam)) /\
  ((forall j, w0 j = 0 -> Rabs (pull X v j) < 1) ->
   forall w, global_min (lasso_objective X (times X w0) lam) w -> forall j, w j = shrunk w0 v lam j).
Proof.
  intros m n X w0 v lam Hl Inv Pv S; set (w' := shrunk w0 v lam) in *.
  assert (E : forall j, w' j * dot (residual X (times X w0) w') (column X j) = lam * Rabs (w' j)).
  { intro j; unfold w'; rewrite residual_pull; fold w'; destruct (Req_dec (w0 j) 0) as [Z | Z].
    - assert (W := S j); rewrite Z, sign_0 in W; apply sign_zero in W; rewrite W, Rabs_R0; ring.
    - destruct (Pv j) as [_ V]; unfold pull; rewrite (V Z), <- S, (abs_sign (w' j)); ring. }
  assert (B : (forall j, w0 j = 0 -> Rabs (pull X v j) <= 1) ->
    forall j, Rabs (dot (residual X (times X w0) w') (column X j)) <= lam).
  { intros I j; unfold w'; rewrite residual_pull, Rabs_mult, (Rabs_right lam) by lra.
    assert (Rabs (pull X v j) <= 1); [| nra].
    destruct (Req_dec (w0 j) 0) as [Z | Z]; [now apply I |].
    destruct (Pv j) as [_ V]; unfold pull; rewrite (V Z).
    destruct (Rdichotomy _ _ Z) as [L | L]; [rewrite sign_neg, Rabs_left by lra | rewrite sign_pos, Rabs_R1 by lra]; lra. }
  split.
  - intros I u; rewrite (lasso_gain m n X _ lam w' u E).
    assert (0 <= sum (fun j => lam * Rabs (u j) - u j * dot (residual X (times X w0) w') (column X j))).
    { apply sum_nonneg; intro j; now apply gain_nonneg, B. }
    generalize (squared_nonneg _ (times X (minus u w'))); lra.
  - intros I w M.
    assert (I' : forall j, w0 j = 0 -> Rabs (pull X v j) <= 1) by (intros j Z; specialize (I j Z); lra).
    assert (K := M w'); rewrite (lasso_gain m n X _ lam w' w E) in K.
    set (t := fun j => lam * Rabs (w j) - w j * dot (residual X (times X w0) w') (column X j)) in *.
    assert (T : forall j, 0 <= t j) by (intro j; now apply gain_nonneg, B).
    assert (Q := squared_nonneg _ (times X (minus w w'))); assert (U := sum_nonneg n t T).
    assert (T0 : forall j, t j = 0).
    { intro j; assert (A := term_le_sum n t T j); specialize (T j); lra. }
    assert (X0 : forall r, times X (minus w w') r = 0) by (apply squares_zero; unfold squared in Q, K; lra).
    assert (D : forall j, minus w w' j = 0); [| intro j; specialize (D j); unfold minus in D; lra].
    apply Inv.
    + intros j Z; assert (A := T0 j); unfold t, w' in A; rewrite residual_pull in A.
      assert (P := I j Z); assert (W : w' j = 0) by (assert (W := S j); rewrite Z, sign_0 in W; now apply sign_zero in W).
      unfold minus; rewrite W.
      assert (C := Rle_abs (w j * pull X v j)); rewrite Rabs_mult in C.
      assert (G := Rabs_pos (w j)); destruct (Req_dec (w j) 0) as [-> | N]; [ring |].
      apply Rabs_pos_lt in N. assert (Rabs (w j) * Rabs (pull X v j) < Rabs (w j)) by nra. nra.
    + intros j _; rewrite dot_comm; now apply dot_zero.
Qed.

(** Part 3: if some |gamma_j| exceeds 1, no minimum at any strength has the support and the signs of the truth. *)
(* Scope: loss and penalty are multiplied by the number n of samples. *)
Theorem prop_irrepresentable_3 :
  forall m n (X : matrix m n) (w0 v : vec n) j, invertible_on_support X w0 -> pulls X w0 v ->
  w0 j = 0 -> 1 < Rabs (pull X v j) ->
  forall (lam : R) w, 0 < lam -> global_min (lasso_objective X (times X w0) lam) w -> ~ same_signs w w0.
Proof.
  intros m n X w0 v j Inv Pv Z P lam w Hl M S.
  destruct (prop_irrepresentable_1 m n X w0 v w lam Hl Inv Pv M S) as [_ K]; specialize (K j Z).
  destruct (fit_slack m n X _ lam w Hl M j) as [F _]; unfold residual in F; rewrite dot_minus_l in F, K.
  replace (dot (times X w0) (column X j) - dot (times X w) (column X j)) with (lam * pull X v j) in F by lra.
  rewrite Rabs_mult, (Rabs_right lam) in F by lra. nra.
Qed.

(** Near miss: without the condition on the signs.  One feature, the truth 1, and lam = 2: 1 - 2 is no minimum. *)
Lemma miss_prop_irrepresentable_strong :
  let X : matrix 1 1 := fun _ _ => 1 in
  pulls X (fun _ => 1) (fun _ => 1) /\
  ~ global_min (lasso_objective X (times X (fun _ => 1)) 2) (shrunk (fun _ => 1) (fun _ => 1) 2).
Proof.
  intro X; split.
  - intro j; split; [lra |]; intros _; rewrite sign_pos by lra; unfold dot, times, dot, column, X; simpl; ring.
  - intro M; specialize (M (fun _ => 0)); unfold lasso_objective, squared, shrunk, minus, times, dot, X in M; simpl in M.
    rewrite Rabs_R0, (Rabs_left (1 - 2 * 1)) in M by lra; lra.
Qed.

(** "Twins": two equal features.  Any split of their sum is as good, unless it has two signs. *)
(* Scope: the other weights are held, and the rest of the objective is a function of the sum. *)
Theorem exa_twins : forall (f : R -> R) (beta a b : R), 0 < beta ->
  let F := fun a b => f (a + b) + beta * (Rabs a + Rabs b) in
  (forall a' b', F a b <= F a' b') ->
  0 <= a * b /\ forall c d, c + d = a + b -> 0 <= c * d -> forall a' b', F c d <= F a' b'.
Proof.
  intros f beta a b Hb F M.
  assert (A : forall c d, 0 <= c * d -> Rabs c + Rabs d = Rabs (c + d)).
  { intros c d P; destruct (Rle_dec 0 c) as [C | C], (Rle_dec 0 d) as [D | D].
    - rewrite !Rabs_right by lra; ring.
    - assert (c = 0) by nra; subst; rewrite Rabs_R0, !Rplus_0_l; reflexivity.
    - assert (d = 0) by nra; subst; rewrite Rabs_R0, !Rplus_0_r; reflexivity.
    - rewrite !Rabs_left by lra; ring. }
  assert (T : forall c d, Rabs (c + d) <= Rabs c + Rabs d) by (intros; apply Rabs_triang).
  split.
  - apply Rnot_lt_le; intro N; specialize (M (a + b) 0); unfold F in M; rewrite Rabs_R0, !Rplus_0_r in M.
    assert (Rabs (a + b) < Rabs a + Rabs b); [| nra].
    destruct (Rle_dec 0 a) as [C | C].
    + assert (b < 0) by nra; assert (0 < a) by nra; rewrite (Rabs_right a), (Rabs_left b) by lra; apply Rabs_def1; lra.
    + assert (0 < b) by nra; rewrite (Rabs_left a), (Rabs_right b) by lra; apply Rabs_def1; lra.
  - intros c d E P a' b'; apply Rle_trans with (2 := M a' b'); unfold F; rewrite E, (A c d P), E.
    apply Rplus_le_compat_l, Rmult_le_compat_l; [lra | apply T].
Qed.

(** * Share or swap *)

(** Two features of mean square 1 with the correlation r; b1 and b2 are their correlations with the targets. *)
Definition two_features (r b1 b2 beta a b : R) : R :=
  (a ^ 2 + b ^ 2) / 2 + r * a * b - b1 * a - b2 * b + beta * (Rabs a + Rabs b).
Definition only_min_of_two (F : R -> R -> R) (a b : R) : Prop := forall a' b', (a', b') <> (a, b) -> F a b < F a' b'.

Lemma two_stationary : forall r b1 b2 beta a b, -1 < r < 1 ->
  Rabs (b1 - a - r * b) <= beta -> a * (b1 - a - r * b) = beta * Rabs a ->
  Rabs (b2 - b - r * a) <= beta -> b * (b2 - b - r * a) = beta * Rabs b ->
  only_min_of_two (two_features r b1 b2 beta) a b.
Proof.
  intros r b1 b2 beta a b Hr A1 E1 A2 E2 c d N; unfold two_features.
  set (p := b1 - a - r * b) in *; set (q := b2 - b - r * a) in *.
  assert (C1 := Rle_abs (c * p)); assert (C2 := Rle_abs (d * q)); rewrite Rabs_mult in C1, C2.
  assert (beta * Rabs c >= Rabs c * Rabs p) by (generalize (Rabs_pos c); nra).
  assert (beta * Rabs d >= Rabs d * Rabs q) by (generalize (Rabs_pos d); nra).
  assert (Q : 0 < (c - a) ^ 2 + (d - b) ^ 2 + 2 * r * (c - a) * (d - b)).
  { assert (P : 0 < (c - a) ^ 2 + (d - b) ^ 2).
    { destruct (Req_dec c a) as [-> | Nc].
      - assert (d <> b) by congruence. generalize (square_pos (d - b)) (pow2_ge_0 (a - a)); lra.
      - generalize (square_pos (c - a)) (pow2_ge_0 (d - b)); lra. }
    generalize (pow2_ge_0 (c - a + (d - b))) (pow2_ge_0 (c - a - (d - b))); intros P1 P2.
    destruct (Rle_dec 0 r); nra. }
  replace (c ^ 2 + d ^ 2) with (a ^ 2 + b ^ 2 + 2 * a * (c - a) + 2 * b * (d - b) + (c - a) ^ 2 + (d - b) ^ 2) by ring.
  unfold p, q in *; nra.
Qed.

(** Part 1: below the bound they share. *)
Theorem prop_share_or_swap_1 :
  forall r b1 b2 beta, -1 < r < 1 -> 0 < beta < b2 -> b2 <= b1 -> r < (b2 - beta) / (b1 - beta) ->
  exists a b, 0 < a /\ 0 < b /\ a = (b1 - beta - r * (b2 - beta)) / (1 - r ^ 2) /\
    b = (b2 - beta - r * (b1 - beta)) / (1 - r ^ 2) /\ only_min_of_two (two_features r b1 b2 beta) a b.
Proof.
  intros r b1 b2 beta Hr Hb H12 S; set (p := b1 - beta); set (q := b2 - beta).
  assert (S' : r * p < q).
  { apply Rmult_lt_compat_r with (r := p) in S; [| unfold p; lra].
    replace ((b2 - beta) / (b1 - beta) * p) with q in S by (unfold p, q; field; lra). exact S. }
  assert (D : 0 < 1 - r ^ 2) by nra.
  assert (Pq : 0 < q <= p) by (unfold p, q; lra). assert (r * q < p) by nra.
  exists ((p - r * q) / (1 - r ^ 2)), ((q - r * p) / (1 - r ^ 2)).
  assert (A : 0 < (p - r * q) / (1 - r ^ 2)) by (apply Rdiv_lt_0_compat; lra).
  assert (B : 0 < (q - r * p) / (1 - r ^ 2)) by (apply Rdiv_lt_0_compat; lra).
  repeat split; auto.
  set (a := (p - r * q) / (1 - r ^ 2)) in *; set (b := (q - r * p) / (1 - r ^ 2)) in *.
  assert (E1 : b1 - a - r * b = beta) by (replace beta with (b1 - p) by (unfold p; ring); unfold a, b; field; nra).
  assert (E2 : b2 - b - r * a = beta) by (replace beta with (b2 - q) by (unfold q; ring); unfold a, b; field; nra).
  apply two_stationary; [lra | | | |]; rewrite ?E1, ?E2, ?Rabs_right by lra; lra.
Qed.

(** Part 2: between the bounds the second weight is exactly zero. *)
Theorem prop_share_or_swap_2 :
  forall r b1 b2 beta, -1 < r < 1 -> 0 < beta < b2 -> b2 <= b1 ->
  (b2 - beta) / (b1 - beta) <= r -> r <= (b2 + beta) / (b1 - beta) ->
  only_min_of_two (two_features r b1 b2 beta) (b1 - beta) 0.
Proof.
  intros r b1 b2 beta Hr Hb H12 L U.
  apply Rmult_le_compat_r with (r := b1 - beta) in L, U; try lra.
  replace ((b2 - beta) / (b1 - beta) * (b1 - beta)) with (b2 - beta) in L by (field; lra).
  replace ((b2 + beta) / (b1 - beta) * (b1 - beta)) with (b2 + beta) in U by (field; lra).
  apply two_stationary; [lra | | | |]; rewrite ?Rabs_R0, ?(Rabs_right (b1 - beta)) by lra; try nra.
  - replace (b1 - (b1 - beta) - r * 0) with beta by ring; rewrite Rabs_right; lra.
  - apply Rabs_le; lra.
Qed.

(** Part 3: above, it is negative, although the feature's correlation with the targets is positive. *)
Theorem prop_share_or_swap_3 :
  forall r b1 b2 beta, -1 < r < 1 -> 0 < beta < b2 -> b2 <= b1 -> (b2 + beta) / (b1 - beta) < r ->
  exists a b, 0 < a /\ b < 0 /\ only_min_of_two (two_features r b1 b2 beta) a b.
Proof.
  intros r b1 b2 beta Hr Hb H12 S; set (p := b1 - beta); set (q := b2 + beta).
  assert (Pp : 0 < p) by (unfold p; lra). assert (Pq : 0 < q) by (unfold q; lra).
  assert (S' : q < r * p).
  { apply Rmult_lt_compat_r with (r := p) in S; [| exact Pp].
    replace ((b2 + beta) / (b1 - beta) * p) with q in S by (unfold p, q; field; lra). exact S. }
  assert (D : 0 < 1 - r ^ 2) by nra. assert (R0 : 0 < r) by nra. assert (r * q < p) by nra.
  exists ((p - r * q) / (1 - r ^ 2)), ((q - r * p) / (1 - r ^ 2)).
  assert (A : 0 < (p - r * q) / (1 - r ^ 2)) by (apply Rdiv_lt_0_compat; lra).
  assert (B : 0 < (r * p - q) / (1 - r ^ 2)) by (apply Rdiv_lt_0_compat; lra).
  assert (B' : (q - r * p) / (1 - r ^ 2) = - ((r * p - q) / (1 - r ^ 2))) by (field; nra).
  repeat split; auto; [lra |].
  set (a := (p - r * q) / (1 - r ^ 2)) in *; set (b := (q - r * p) / (1 - r ^ 2)) in *.
  assert (E1 : b1 - a - r * b = beta) by (replace beta with (b1 - p) by (unfold p; ring); unfold a, b; field; nra).
  assert (E2 : b2 - b - r * a = - beta)
    by (replace beta with (q - b2) by (unfold q; ring); unfold a, b; field; nra).
  apply two_stationary; [lra | | | |]; rewrite ?E1, ?E2, ?Rabs_Ropp.
  - rewrite Rabs_right; lra.
  - rewrite (Rabs_right a); lra.
  - rewrite Rabs_right; lra.
  - rewrite (Rabs_left b); lra.
Qed.

(** Near miss: "above the first bound the second weight is zero", without the second bound. *)
Lemma miss_prop_share_or_swap_above :
  (1 / 2 - 1 / 5) / (1 - 1 / 5) <= 9 / 10 /\ ~ only_min_of_two (two_features (9 / 10) 1 (1 / 2) (1 / 5)) (1 - 1 / 5) 0.
Proof.
  split; [lra |]; intro M; specialize (M (89 / 100) (- (1 / 10)) ltac:(intro E; injection E; lra)).
  unfold two_features in M; rewrite Rabs_R0, (Rabs_right (1 - 1 / 5)), (Rabs_right (89 / 100)), (Rabs_left (- (1 / 10))) in M
    by lra; lra.
Qed.

(** * What other data would choose *)

(** An expectation: linear, and not smaller for larger values; that of 1 is 1. *)
Definition is_expectation {Outcome : Type} (E : (Outcome -> R) -> R) : Prop :=
  (forall X Y, (forall o, X o <= Y o) -> E X <= E Y) /\ (forall X Y, E (fun o => X o + Y o) = E X + E Y) /\
  (forall a X, E (fun o => a * X o) = a * E X) /\ E (fun _ => 1) = 1.

(** The share of 2B half samples, in B pairs, in which a feature is selected; 1 stands for "selected". *)
Definition frequency {B} (first second : vec B) : R := sum (fun i => first i + second i) / (2 * INR B).
Definition at_least (threshold x : R) : R := if Rle_dec threshold x then 1 else 0.

Lemma expectation_sum : forall (Outcome : Type) (E : (Outcome -> R) -> R), is_expectation E ->
  forall n (X : Fin.t n -> Outcome -> R), E (fun o => sum (fun k => X k o)) = sum (fun k => E (X k)).
Proof.
  intros Outcome E (Mono & Plus & Scal & One); induction n; intro X; simpl.
  - assert (K := Scal 0 (fun _ => 1)); rewrite One in K.
    replace (fun _ : Outcome => 0) with (fun _ : Outcome => 0 * 1) by (apply functional_extensionality; intro; ring).
    rewrite K; ring.
  - rewrite (Plus (X Fin.F1) (fun o => sum (fun k => X (Fin.FS k) o))); now rewrite (IHn (fun k => X (Fin.FS k))).
Qed.

(** "Few false selections": a noise feature is one that a half selects with probability q/p at most; q is the expected
    number of features that a half selects. *)
(* Scope: an expectation is any positive linear functional on all functions of the outcome. *)
Theorem thm_stability :
  forall (Outcome : Type) (E : (Outcome -> R) -> R) B p (first second : Fin.t p -> Outcome -> vec B)
         (noise : Fin.t p -> bool) (q threshold : R),
  is_expectation E -> (0 < B)%nat -> (0 < p)%nat -> 0 <= q -> 1 / 2 < threshold ->
  (forall k o i, (first k o i = 0 \/ first k o i = 1) /\ (second k o i = 0 \/ second k o i = 1)) ->
  (forall k i, E (fun o => first k o i * second k o i) = E (fun o => first k o i) * E (fun o => second k o i)) ->
  (forall k i, noise k = true -> 0 <= E (fun o => first k o i) <= q / INR p /\ 0 <= E (fun o => second k o i) <= q / INR p) ->
  E (fun o => sum (fun k => if noise k then at_least threshold (frequency (first k o) (second k o)) else 0))
    <= q ^ 2 / ((2 * threshold - 1) * INR p).
Proof.
  intros Outcome E B p first second noise q threshold Ex HB Hp Hq Ht Val Ind Small.
  assert (PB : 0 < INR B) by now apply lt_0_INR. assert (Pp : 0 < INR p) by now apply lt_0_INR.
  set (c := / (INR B * (2 * threshold - 1))).
  assert (Pc : 0 < c) by (apply Rinv_0_lt_compat, Rmult_lt_0_compat; lra).
  set (bound := fun k o => c * sum (fun i => first k o i * second k o i)).
  assert (Pair : forall k o i, first k o i + second k o i - 1 <= first k o i * second k o i /\
                               0 <= first k o i * second k o i).
  { intros k o i; destruct (Val k o i) as [[-> | ->] [-> | ->]]; lra. }
  assert (Point : forall k o, at_least threshold (frequency (first k o) (second k o)) <= bound k o).
  { intros k o; unfold at_least, bound.
    assert (S0 : 0 <= sum (fun i => first k o i * second k o i)) by (apply sum_nonneg; intro i; apply Pair).
    destruct Rle_dec as [L | L]; [| now apply Rmult_le_pos; lra].
    assert (S : sum (fun i => first k o i + second k o i + -1 * 1) <= sum (fun i => first k o i * second k o i)).
    { apply sum_le; intro i; generalize (proj1 (Pair k o i)); lra. }
    rewrite sum_plus, sum_scal, sum_const in S; unfold frequency in L.
    set (s := sum (fun i => first k o i + second k o i)) in *.
    apply Rmult_le_compat_r with (r := 2 * INR B) in L; [| lra].
    replace (s / (2 * INR B) * (2 * INR B)) with s in L by (field; lra).
    apply Rmult_le_reg_l with (/ c); [now apply Rinv_0_lt_compat |].
    unfold c at 1; rewrite Rinv_inv.
    rewrite <- Rmult_assoc, Rinv_l by lra. lra. }
  assert (Mean : forall k, noise k = true -> E (bound k) <= q ^ 2 / ((2 * threshold - 1) * INR p) * / INR p).
  { intros k N; unfold bound; destruct Ex as (Mono & Plus & Scal & One).
    rewrite Scal, (expectation_sum Outcome E (conj Mono (conj Plus (conj Scal One))) B (fun i o => first k o i * second k o i)).
    assert (S : sum (fun i => E (fun o => first k o i * second k o i)) <= sum (fun _ : Fin.t B => (q / INR p) ^ 2)).
    { apply sum_le; intro i; rewrite Ind; destruct (Small k i N) as [[A A'] [C C']]; simpl; rewrite Rmult_1_r.
      now apply Rmult_le_compat. }
    rewrite sum_const in S; apply Rmult_le_compat_l with (r := c) in S; [| lra].
    apply Rle_trans with (1 := S); right; unfold c; field; lra. }
  assert (Ex' := Ex); destruct Ex' as (Mono & Plus & Scal & One).
  assert (Zero : E (fun _ => 0) = 0).
  { assert (K := Scal 0 (fun _ => 1)); rewrite One in K.
    replace (fun _ : Outcome => 0) with (fun _ : Outcome => 0 * 1) by (apply functional_extensionality; intro; ring).
    rewrite K; ring. }
  rewrite (expectation_sum Outcome E Ex p
    (fun k o => if noise k then at_least threshold (frequency (first k o) (second k o)) else 0)).
  apply Rle_trans with (sum (fun _ : Fin.t p => q ^ 2 / ((2 * threshold - 1) * INR p) * / INR p)).
  - apply sum_le; intro k; destruct (noise k) eqn:N.
    + apply Rle_trans with (2 := Mean k N); apply Mono; intro o; apply Point.
    + rewrite Zero; apply Rmult_le_pos; [apply Rmult_le_pos; [apply pow2_ge_0 |] |]; left; apply Rinv_0_lt_compat;
        [apply Rmult_lt_0_compat |]; lra.
  - rewrite sum_const; right; field; lra.
Qed.

(** Near miss: halves that are not independent.  One noise feature of one, which both halves select or neither, with
    probability 1/2: q = 1/2, and with the threshold 1 the bound is 1/4, but the expected number is 1/2. *)
Lemma miss_thm_stability_dependent :
  let E := fun X : bool -> R => (X true + X false) / 2 in
  let chosen := fun (o : bool) (i : Fin.t 1) => if o then 1 else 0 in
  is_expectation E /\ (forall i, E (fun o => chosen o i) = 1 / 2 / INR 1) /\
  (1 / 2) ^ 2 / ((2 * 1 - 1) * INR 1) < E (fun o => at_least 1 (frequency (chosen o) (chosen o))).
Proof.
  intros E chosen; split; [| split].
  - unfold is_expectation, E; repeat split; intros; try lra; generalize (H true) (H false); lra.
  - intro i; unfold E, chosen; simpl; lra.
  - unfold E, at_least, frequency, chosen; simpl.
    destruct (Rle_dec 1 ((1 + 1 + 0) / (2 * 1))), (Rle_dec 1 ((0 + 0 + 0) / (2 * 1))); lra.
Qed.

(** * Three wishes *)

(** u minimizes rho(u) + (u - v)^2/2. *)
Definition minimizer (rho : R -> R) (v u : R) : Prop := forall x, rho u + (u - v) ^ 2 / 2 <= rho x + (x - v) ^ 2 / 2.
Definition strictly_convex (h : R -> R) : Prop :=
  forall x y t, x < y -> 0 < t < 1 -> h (t * x + (1 - t) * y) < t * h x + (1 - t) * h y.
Definition plus_square (rho : R -> R) (u : R) : R := rho u + u ^ 2 / 2.

Lemma minimizer_line : forall rho v u,
  minimizer rho v u <-> forall x, plus_square rho u + v * (x - u) <= plus_square rho x.
Proof. intros; unfold minimizer, plus_square; split; intros H x; specialize (H x); nra. Qed.

(** "Continuity is convexity, one square later", part 1: under strict convexity there is one minimizer at most. *)
(* Scope: the penalty is real-valued. *)
Theorem thm_continuity_1 :
  forall rho v u u', strictly_convex (plus_square rho) -> minimizer rho v u -> minimizer rho v u' -> u = u'.
Proof.
  intros rho v u u' C M M'; rewrite minimizer_line in M, M'.
  assert (K : forall a b, (forall x, plus_square rho a + v * (x - a) <= plus_square rho x) ->
    (forall x, plus_square rho b + v * (x - b) <= plus_square rho x) -> ~ a < b).
  { intros a b A B L; assert (K := C a b (1 / 2) L ltac:(lra)); generalize (A b) (B a) (A (1 / 2 * a + (1 - 1 / 2) * b)); lra. }
  destruct (Rtotal_order u u') as [L | [E | L]]; [now apply K in L | exact E | now apply K in L].
Qed.

(** Part 2: then the minimizer is a continuous function of v. *)
(* Scope: the penalty is real-valued; that every v has a minimizer is assumed. *)
Theorem thm_continuity_2 :
  forall rho (P : R -> R), strictly_convex (plus_square rho) -> (forall v, minimizer rho v (P v)) -> continuity P.
Proof.
  intros rho P C M v eps He; set (u := P v); set (h := plus_square rho).
  assert (L : forall w x, h (P w) + w * (x - P w) <= h x) by (intro w; now apply minimizer_line).
  assert (Strict : forall x, x <> u -> h u + v * (x - u) < h x).
  { intros x N; assert (A := L v x); fold u in A.
    destruct (Rle_lt_or_eq_dec _ _ A) as [B | B]; [exact B | exfalso; apply N].
    apply (thm_continuity_1 rho v x u C); [| now unfold u].
    apply minimizer_line; intro z; assert (Z := L v z); fold u h in Z |- *; lra. }
  set (e := eps / 2). assert (Pe : 0 < e) by (unfold e; lra).
  assert (U := Strict (u + e) ltac:(lra)). assert (D := Strict (u - e) ltac:(lra)).
  set (d := Rmin ((h (u + e) - h u - v * e) / e) ((h (u - e) - h u + v * e) / e)).
  assert (Pd : 0 < d) by (apply Rmin_pos; apply Rdiv_lt_0_compat; lra).
  assert (D1 : d * e <= h (u + e) - h u - v * e).
  { apply Rle_trans with ((h (u + e) - h u - v * e) / e * e); [apply Rmult_le_compat_r; [lra | apply Rmin_l] | right; field; lra]. }
  assert (D2 : d * e <= h (u - e) - h u + v * e).
  { apply Rle_trans with ((h (u - e) - h u + v * e) / e * e); [apply Rmult_le_compat_r; [lra | apply Rmin_r] | right; field; lra]. }
  exists d; split; [exact Pd |]; intros w [_ Hw]; simpl in Hw |- *; unfold R_dist in Hw |- *; apply Rabs_def2 in Hw.
  fold u; apply Rle_lt_trans with e; [| unfold e; lra]; apply Rabs_le.
  assert (Q := L w u). set (x := P w) in *.
  split; apply Rnot_lt_le; intro N.
  - (* x < u - e < u *)
    assert (T : u - e = e / (u - x) * x + (1 - e / (u - x)) * u) by (field; lra).
    assert (B : 0 < e / (u - x) < 1).
    { split; [apply Rdiv_lt_0_compat; lra | apply Rmult_lt_reg_r with (u - x); [lra |]].
      replace (e / (u - x) * (u - x)) with e by (field; lra); lra. }
    assert (K := C x u (e / (u - x)) ltac:(lra) B); rewrite <- T in K; fold h in K.
    set (t := e / (u - x)) in *. assert (Et : t * (u - x) = e) by (unfold t; field; lra). nra.
  - (* u < u + e < x *)
    assert (T : u + e = (1 - e / (x - u)) * u + (1 - (1 - e / (x - u))) * x) by (field; lra).
    assert (B : 0 < 1 - e / (x - u) < 1).
    { assert (0 < e / (x - u)) by (apply Rdiv_lt_0_compat; lra). split; [| lra].
      assert (e / (x - u) < 1); [| lra]. apply Rmult_lt_reg_r with (x - u); [lra |].
      replace (e / (x - u) * (x - u)) with e by (field; lra); lra. }
    assert (K := C u x (1 - e / (x - u)) ltac:(lra) B); rewrite <- T in K; fold h in K.
    set (t := e / (x - u)) in *. assert (Et : t * (x - u) = e) by (unfold t; field; lra). nra.
Qed.

(** Part 3: without a second minimizer rho(u) + u^2/2 is strictly convex. *)
(* Scope: the penalty is real-valued; that the only minimizer is a continuous function of v is assumed. *)
Theorem thm_continuity_3 :
  forall rho (P : R -> R), continuity P -> (forall v u, minimizer rho v u <-> u = P v) -> strictly_convex (plus_square rho).
Proof.
  intros rho P Co M x y t Hxy Ht; set (h := plus_square rho). set (c := t * x + (1 - t) * y).
  assert (Hc : x < c < y) by (unfold c; nra).
  assert (L : forall w z, h (P w) + w * (z - P w) <= h z) by (intro w; apply minimizer_line; now apply M).
  assert (Low : forall z, h (P 0) <= h z) by (intro z; specialize (L 0 z); lra).
  set (b := h (P 0)) in *.
  (* for large v the minimizer is beyond c, for small v it is before *)
  set (v1 := (h y - b + 1) / (y - c)). set (v0 := - ((h x - b + 1) / (c - x))).
  assert (P1 : 0 < v1) by (apply Rdiv_lt_0_compat; generalize (Low y); lra).
  assert (P0 : v0 < 0) by (assert (0 < (h x - b + 1) / (c - x)) by (apply Rdiv_lt_0_compat; generalize (Low x); lra);
    unfold v0; lra).
  assert (E1 : v1 * (y - c) = h y - b + 1) by (unfold v1; field; lra).
  assert (E0 : v0 * (c - x) = - (h x - b + 1)) by (unfold v0; field; lra).
  assert (B1 : c <= P v1) by (apply Rnot_lt_le; intro N; generalize (L v1 y) (Low (P v1)); nra).
  assert (B0 : P v0 <= c) by (apply Rnot_lt_le; intro N; generalize (L v0 x) (Low (P v0)); nra).
  destruct (IVT_cor (fun w => P w - c) v0 v1) as (v & _ & E).
  - apply continuity_minus; [exact Co | apply continuity_const; intros ? ?; reflexivity].
  - lra.
  - nra.
  - assert (Pc : P v = c) by lra.
    assert (S : forall z, z <> c -> h c + v * (z - c) < h z).
    { intros z N; assert (A := L v z); rewrite Pc in A; destruct (Rle_lt_or_eq_dec _ _ A) as [B | B]; [exact B |].
      exfalso; apply N; rewrite <- Pc; apply M, minimizer_line; intro s; assert (Z := L v s); rewrite Pc in Z.
      fold h; lra. }
    generalize (S x ltac:(lra)) (S y ltac:(lra)); intros Sx Sy.
    assert (t * (h c + v * (x - c)) < t * h x) by (apply Rmult_lt_compat_l; lra).
    assert ((1 - t) * (h c + v * (y - c)) < (1 - t) * h y) by (apply Rmult_lt_compat_l; lra).
    assert (t * (v * (x - c)) + (1 - t) * (v * (y - c)) = 0) by (unfold c; ring). lra.
Qed.

(** Part 4: two minimizers for one v are a jump, whichever one takes elsewhere. *)
Theorem thm_continuity_4 :
  forall rho v u1 u2, minimizer rho v u1 -> minimizer rho v u2 -> u1 < u2 ->
  (forall v' u, v' < v -> minimizer rho v' u -> u <= u1) /\ (forall v' u, v < v' -> minimizer rho v' u -> u2 <= u).
Proof.
  intros rho v u1 u2 M1 M2 L; split; intros v' u H M; apply Rnot_lt_le; intro N.
  - generalize (M1 u) (M u1); nra.
  - generalize (M2 u) (M u2); nra.
Qed.

(** Near miss: convex is not enough.  With rho = -u^2/2 the sum is 0, and every u is a minimizer for v = 0. *)
Lemma miss_thm_continuity_convex :
  convex (plus_square (fun u => - u ^ 2 / 2)) /\ forall u, minimizer (fun u => - u ^ 2 / 2) 0 u.
Proof.
  split.
  - intros x y t _; unfold plus_square; lra.
  - intros u x; lra.
Qed.

(** "What the wishes cost", part 1: what is taken from a large weight is the slope at infinity. *)
Theorem prop_cost_1 :
  forall (rho D P : R -> R) (M k : R), (forall u, M < u -> derivative rho u (D u)) ->
  (forall eps, 0 < eps -> exists B, forall u, B < u -> Rabs (D u - k) < eps) -> (forall v, minimizer rho v (P v)) ->
  forall eps, 0 < eps -> exists V, forall v, V < v -> Rabs (v - P v - k) < eps.
Proof.
  intros rho D P M k Der Lim Min eps He; destruct (Lim eps He) as [B HB].
  set (T := Rmax M B); set (h := plus_square rho).
  assert (L : forall w z, h (P w) + w * (z - P w) <= h z) by (intro w; now apply minimizer_line).
  exists (Rmax 0 (h (T + 1) - h (P 0))); intros v Hv.
  assert (V0 : 0 < v) by (apply Rle_lt_trans with (2 := Hv), Rmax_l).
  assert (V1 : h (T + 1) - h (P 0) < v) by (apply Rle_lt_trans with (2 := Hv), Rmax_r).
  assert (F : T < P v).
  { apply Rnot_le_lt; intro N; generalize (L v (T + 1)) (L 0 (P v)); nra. }
  assert (FM : M < P v) by (apply Rle_lt_trans with (2 := F), Rmax_l).
  assert (FB : B < P v) by (apply Rle_lt_trans with (2 := F), Rmax_r).
  assert (S : D (P v) + (P v - v) = 0).
  { apply (fermat (fun x => rho (P v + x) + (P v + x - v) ^ 2 / 2)).
    - apply derivable_pt_lim_plus.
      + intros e Pe; destruct (Der (P v) FM e Pe) as [d Hd]; exists d; intros x Nx Hx; specialize (Hd x Nx Hx).
        now rewrite Rplus_0_l, Rplus_0_r.
      + apply polynomial_slope with ((P v - v) ^ 2 / 2) (1 / 2); intro x; field.
    - exists 1; split; [lra |]; intros x _; apply le_fin; rewrite Rplus_0_r; apply Min. }
  replace (v - P v - k) with (D (P v) - k) by lra; now apply HB.
Qed.

Lemma slope_below_chord : forall (rho : R -> R) r u a, slope_right (fun x => rho x) 0 (Real r) -> 0 < u ->
  (forall s, 0 < s <= u -> rho s - rho 0 <= s * a) -> r <= a.
Proof.
  intros rho r u a (r0 & E & Lim) Hu H; injection E as <-; apply Rnot_lt_le; intro N.
  destruct (Lim ((a + r) / 2)) as [Above _]; destruct (Above ltac:(simpl; lra)) as (d & Hd & K).
  set (s := Rmin (d / 2) u).
  assert (Ps : 0 < s) by (apply Rmin_pos; lra).
  assert (Sd : s <= d / 2) by apply Rmin_l. assert (Su : s <= u) by apply Rmin_r.
  specialize (K s ltac:(lra)); simpl in K; rewrite Rplus_0_l in K; specialize (H s ltac:(lra)).
  apply Rmult_lt_compat_r with (r := s) in K; [| exact Ps].
  replace ((rho s - rho 0) / s * s) with (rho s - rho 0) in K by (field; lra). nra.
Qed.

(** Part 2: a convex penalty pulls at least as hard far away as next to zero. *)
Theorem prop_cost_2 :
  forall (rho : R -> R) (r u d : R), convex rho -> slope_right (fun x => rho x) 0 (Real r) -> 0 < u ->
  derivative rho u d -> r <= d.
Proof.
  intros rho r u d C S Hu D; apply (slope_below_chord rho r u d S Hu); intros s Hs.
  assert (T := tangent rho u d C D 0).
  assert (K := C u 0 (s / u)).
  replace (s / u * u + (1 - s / u) * 0) with s in K by (field; lra).
  assert (B : 0 <= s / u <= 1).
  { split; [apply Rlt_le, Rdiv_lt_0_compat; lra | apply Rmult_le_reg_r with u; [lra |]].
    replace (s / u * u) with s by (field; lra); lra. }
  specialize (K B). set (q := s / u) in *. assert (Q : q * u = s) by (unfold q; field; lra). nra.
Qed.

(** Part 3: where rho(u) + u^2/2 is convex, the pull falls by no more than the distance. *)
Theorem prop_cost_3 :
  forall (rho : R -> R) (r u d : R), convex (plus_square rho) -> slope_right (fun x => rho x) 0 (Real r) -> 0 < u ->
  derivative rho u d -> r - u <= d.
Proof.
  intros rho r u d C S Hu D; assert (r <= d + u); [| lra].
  apply (slope_below_chord rho r u (d + u) S Hu); intros s Hs.
  assert (D' : derivative (plus_square rho) u (d + u)).
  { unfold plus_square; apply derivable_pt_lim_plus; [exact D |].
    intros e Pe; exists (mkposreal e Pe); simpl; intros h Nh Hh.
    replace (((u + h) * ((u + h) * 1) / 2 - u * (u * 1) / 2) / h - u) with (h / 2) by (field; exact Nh).
    unfold Rdiv; rewrite Rabs_mult, (Rabs_right (/ 2)) by lra; generalize (Rabs_pos h); lra. }
  assert (T := tangent (plus_square rho) u (d + u) C D' 0).
  assert (K := C u 0 (s / u)).
  replace (s / u * u + (1 - s / u) * 0) with s in K by (field; lra).
  assert (B : 0 <= s / u <= 1).
  { split; [apply Rlt_le, Rdiv_lt_0_compat; lra | apply Rmult_le_reg_r with u; [lra |]].
    replace (s / u * u) with s by (field; lra); lra. }
  specialize (K B). set (q := s / u) in *. assert (Q : q * u = s) by (unfold q; field; lra).
  assert (plus_square rho s - plus_square rho 0 <= s * (d + u)) by nra.
  unfold plus_square in *; generalize (pow2_ge_0 s); nra.
Qed.

(** Near miss: part 2 without convexity.  min(|u|, 1) has the slope 1 next to zero, and 0 at u = 2. *)
Lemma miss_prop_cost_capped :
  slope_right (fun u => Rmin (Rabs u) 1) 0 (Real 1) /\ derivative (fun u => Rmin (Rabs u) 1) 2 0.
Proof.
  split.
  - exists (Rmin (Rabs 0) 1); split; [reflexivity |].
    intro a; split; simpl; intro Ha; exists 1; (split; [lra |]); intros h Hh;
      rewrite Rplus_0_l, Rabs_R0, (Rabs_right h), (Rmin_left 0 1), (Rmin_left h 1) by lra;
      replace ((h - 0) / h) with 1 by (field; lra); exact Ha.
  - intros e Pe; exists (mkposreal 1 Rlt_0_1); simpl; intros h Nh Hh; apply Rabs_def2 in Hh.
    rewrite (Rabs_right (2 + h)), (Rabs_right 2), !Rmin_right by lra.
    replace ((1 - 1) / h - 0) with 0 by (field; exact Nh); rewrite Rabs_R0; exact Pe.
Qed.
