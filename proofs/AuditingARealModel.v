(** Chapter "Auditing a real model". *)
Require Import Basics Convexity TheL1Singularity.

(** * What an audit proves *)

(** Definition "Certified zero": l and r are the slopes of the penalty at zero, g is the slope of the loss there. *)
Definition certified (l r : Ext) (g : R) : Prop := (- r < g)%ext /\ (g < - l)%ext.
(** The slack is the distance of g to the nearer edge, for an interval with two ends. *)
Definition slack (l r g : R) : R := Rmin (g - - r) (- l - g).
(** A weight x is stationary if -g lies between the slopes of the penalty there. *)
Definition stationary (rho : R -> Ext) (x g : R) : Prop := between_slopes rho x (- g).

(** A zero is certified exactly if its slack is positive. *)
Lemma certified_slack : forall l r g : R, certified l r g <-> slack l r g > 0.
Proof.
  intros l r g; unfold certified, slack; simpl; split.
  - intros [H1 H2]; apply Rlt_gt, Rmin_glb_lt; lra.
  - intro H; generalize (Rmin_l (g - - r) (- l - g)) (Rmin_r (g - - r) (- l - g)); lra.
Qed.

(** Near miss: "a stationary zero is certified".  At the edge it is stationary, and not certified. *)
Lemma miss_def_certified_edge : stationary (fun u => 1 * Rabs u) 0 1 /\ ~ certified (-1) 1 1.
Proof.
  split; [| intros [H1 H2]; simpl in *; lra].
  exists (-1), 1; destruct (slopes_abs 1); repeat split; auto; apply le_fin; lra.
Qed.

(** "What an audit proves", part 1: a certified zero is a strict local minimum along its coordinate. *)
Theorem prop_audit_1 :
  forall n (L : vec n -> R) (rho : R -> R) (i : Fin.t n) (w : vec n) (g : R) (l r : Ext),
  partial L i w g -> slope_left rho 0 l -> slope_right rho 0 r -> w i = 0 -> certified l r g ->
  strict_local_min (fun h => L (step w i h) + sum (fun j => rho (step w i h j))) 0.
Proof.
  intros n L rho i w g l r HL Hl Hr E Hc.
  destruct (proj1 (thm_zero_interval _ rho g l r HL Hl Hr) Hc) as (d & Hd & H).
  exists d; split; auto; intros y Hy Hyd; specialize (H y Hy Hyd); simpl in *.
  assert (K : forall h, sum (fun j => rho (step w i h j)) = sum (fun j => rho (w j)) + (rho h - rho 0)).
  { intro h; assert (K := sum_one n (fun j => rho (step w i h j)) (fun j => rho (w j)) i).
    cbv beta in K; rewrite step_same, E, Rplus_0_l in K.
    rewrite <- K; [ring |]; intros j Hj; now rewrite step_other. }
  rewrite !K; lra.
Qed.

(** Part 2: if all weights are stationary, w is a global minimum. *)
Theorem prop_audit_2 :
  forall n (L : vec n -> R) (rho : R -> Ext) (w g : vec n),
  convex_n L -> (forall i, partial L i w (g i)) -> convex_ext rho -> (forall i, stationary rho (w i) (g i)) ->
  global_min_ext (fun u => L u + ext_sum (fun j => rho (u j)))%ext w.
Proof.
  intros n L rho w g CL D Cr H; apply (thm_joint_1 n L rho w g CL D Cr); [| exact H].
  intro i; destruct (H i) as (l & r & (x & E & _) & _); now exists x.
Qed.

(** Part 3: the zero interval at strength s is [-s a, s b]. *)
Theorem prop_audit_3 :
  forall a b g : R, 0 < a -> 0 < b ->
  forall strength, 0 < strength ->
  (certified (Real (- (strength * b))) (Real (strength * a)) g <-> strength > Rmax (g / b) (- g / a)).
Proof.
  intros a b g Ha Hb s Hs; unfold certified; simpl; rewrite Ropp_involutive.
  assert (Ea : - g / a * a = - g) by (field; lra). assert (Eb : g / b * b = g) by (field; lra).
  set (p := g / b) in *; set (q := - g / a) in *.
  split.
  - intros [H1 H2]; apply Rlt_gt, Rmax_lub_lt.
    + apply Rmult_lt_reg_r with b; lra.
    + apply Rmult_lt_reg_r with a; lra.
  - intro H; generalize (Rmax_l p q) (Rmax_r p q); intros; split; nra.
Qed.

(** Near miss: the strength max(g/b, -g/a) itself is not enough. *)
Lemma miss_prop_audit_equal :
  ~ (forall a b g : R, 0 < a -> 0 < b -> forall strength, 0 < strength ->
     (certified (Real (- (strength * b))) (Real (strength * a)) g <-> strength >= Rmax (g / b) (- g / a))).
Proof.
  intro H; assert (K := proj2 (H 1 1 1 Rlt_0_1 Rlt_0_1 1 Rlt_0_1)).
  rewrite Rmax_left in K by lra; specialize (K ltac:(lra)).
  destruct K as [_ K]; simpl in K; lra.
Qed.

(** * What a model that is not solved exactly still proves *)

(** G is the gradient of f: G(z).h is the slope of f at z in direction h. *)
Definition gradient {m} (f : vec m -> R) (G : vec m -> vec m) : Prop :=
  forall z h, derivative (fun t => f (fun r => z r + t * h r)) 0 (dot (G z) h).

(** A function whose gradient has the Lipschitz constant M lies below a parabola. *)
Lemma below_parabola : forall m (f : vec m -> R) (G : vec m -> vec m) (M : R),
  gradient f G -> (forall u v, norm (minus (G u) (G v)) <= M * norm (minus u v)) ->
  forall z h, f (fun r => z r + h r) <= f z + dot (G z) h + M / 2 * norm h ^ 2.
Proof.
  intros m f G M D Lip z h.
  set (at_ t := fun r => z r + t * h r).
  set (psi t := f (at_ t) - t * dot (G z) h - M / 2 * norm h ^ 2 * t ^ 2).
  set (psi' t := dot (G (at_ t)) h - dot (G z) h - M / 2 * norm h ^ 2 * (2 * t)).
  destruct (MVT_cor2 psi psi' 0 1 Rlt_0_1) as (c & E & Hc).
  - intros t _; unfold psi, psi'.
    apply (derivable_pt_lim_minus (fun t => f (at_ t) - t * dot (G z) h) (fun t => M / 2 * norm h ^ 2 * t ^ 2)).
    + apply (derivable_pt_lim_minus (fun t => f (at_ t)) (fun t => t * dot (G z) h)).
      * intros eps He; destruct (D (at_ t) h eps He) as [d K]; exists d; intros s Hs Hd.
        specialize (K s Hs Hd).
        replace (fun r => at_ t r + (0 + s) * h r) with (at_ (t + s)) in K
          by (apply functional_extensionality; intro; unfold at_; ring).
        replace (fun r => at_ t r + 0 * h r) with (at_ t) in K
          by (apply functional_extensionality; intro; unfold at_; ring).
        exact K.
      * intros eps He; exists (mkposreal 1 Rlt_0_1); intros s Hs _.
        replace (((t + s) * dot (G z) h - t * dot (G z) h) / s - dot (G z) h) with 0 by (field; exact Hs).
        now rewrite Rabs_R0.
    + apply (derivable_pt_lim_scal (fun t => t ^ 2)).
      assert (K := derivable_pt_lim_pow t 2); simpl INR in K; simpl pred in K; rewrite pow_1 in K; exact K.
  - assert (S : dot (G (at_ c)) h - dot (G z) h <= M * (c * norm h ^ 2)).
    { assert (K := Lip (at_ c) z).
      assert (Nc : norm (minus (at_ c) z) = c * norm h).
      { unfold norm; rewrite (sum_ext _ (fun j => minus (at_ c) z j ^ 2) (fun j => c ^ 2 * h j ^ 2))
          by (intro; unfold minus, at_; ring).
        rewrite sum_scal, sqrt_mult_alt, sqrt_pow2 by nra; reflexivity. }
      rewrite Nc in K.
      replace (dot (G (at_ c)) h - dot (G z) h) with (dot (minus (G (at_ c)) (G z)) h).
      - apply Rle_trans with (1 := Rle_abs _); apply Rle_trans with (1 := dot_le_norm _ _ _).
        replace (M * (c * norm h ^ 2)) with (M * (c * norm h) * norm h) by ring.
        apply Rmult_le_compat_r; [apply sqrt_pos | exact K].
      - unfold dot, minus; rewrite (sum_ext _ _ (fun j => G (at_ c) j * h j + -1 * (G z j * h j))) by (intro; ring).
        rewrite sum_plus, sum_scal; ring. }
    assert (P1 : psi 1 = f (fun r => z r + h r) - dot (G z) h - M / 2 * norm h ^ 2).
    { unfold psi; replace (at_ 1) with (fun r => z r + h r)
        by (apply functional_extensionality; intro; unfold at_; ring). ring. }
    assert (P0 : psi 0 = f z).
    { unfold psi; replace (at_ 0) with z by (apply functional_extensionality; intro; unfold at_; ring). ring. }
    unfold psi' in E; nra.
Qed.

(** The L1 objective f(Xw) + lam |w|_1, in which the columns that are [free] (an intercept) have no penalty. *)
Definition l1_objective {m n} (f : vec m -> R) (X : matrix m n) (free : Fin.t n -> bool) (lam : R) (w : vec n) : R :=
  f (times X w) + lam * sum (fun j => if free j then 0 else Rabs (w j)).

(** theta is dual feasible: orthogonal to the free columns, and |x_j.theta| <= 1 for the others. *)
Definition dual_feasible {m n} (X : matrix m n) (free : Fin.t n -> bool) (theta : vec m) : Prop :=
  forall j, if free j then dot theta (column X j) = 0 else Rabs (dot theta (column X j)) <= 1.

Lemma l1_stationary : forall m n (f : vec m -> R) G (X : matrix m n) free lam w j,
  gradient f G -> global_min (l1_objective f X free lam) w -> free j = false -> w j <> 0 ->
  dot (G (times X w)) (column X j) + lam * sign (w j) = 0.
Proof.
  intros m n f G X free lam w j D M Fj N.
  assert (Aj : 0 < Rabs (w j)) by now apply Rabs_pos_lt.
  apply (fermat (fun h => f (fun r => times X w r + h * column X j r) + lam * sign (w j) * h)).
  - apply derivable_pt_lim_plus; [apply D |].
    assert (K := derivable_pt_lim_scal id (lam * sign (w j)) 0 1 (derivable_pt_lim_id 0)).
    rewrite Rmult_1_r in K; exact K.
  - exists (Rabs (w j)); split; [exact Aj |]; intros h Hh; rewrite Rminus_0_r in Hh; apply le_fin.
    assert (K := M (step w j h)); unfold l1_objective in K.
    replace (times X (step w j h)) with (fun r => times X w r + h * column X j r) in K
      by (apply functional_extensionality; intro; rewrite times_step; reflexivity).
    replace (fun r => times X w r + 0 * column X j r) with (times X w)
      by (apply functional_extensionality; intro; ring).
    assert (S := sum_one n (fun k => if free k then 0 else Rabs (step w j h k))
                           (fun k => if free k then 0 else Rabs (w k)) j).
    cbv beta in S; rewrite Fj, step_same in S.
    assert (A : Rabs (w j + h) - Rabs (w j) = sign (w j) * h).
    { apply Rabs_def2 in Hh; destruct (Rdichotomy _ _ N) as [L | L].
      - rewrite sign_neg by exact L; rewrite (Rabs_left (w j)) in * by exact L; rewrite Rabs_left by lra; ring.
      - rewrite sign_pos by lra; rewrite (Rabs_right (w j)) in * by lra; rewrite Rabs_right by lra; ring. }
    assert (S' : sum (fun k => if free k then 0 else Rabs (step w j h k))
                 = sum (fun k => if free k then 0 else Rabs (w k)) + sign (w j) * h).
    { rewrite <- A, <- S; [ring |]; intros k Hk; now rewrite step_other. }
    rewrite S' in K; lra.
Qed.

(** "Zeros of every exact solution", for a loss f(Xw) whose gradient in Xw has the Lipschitz constant M. Take any w,
    any dual feasible theta, and any number d that is not above the dual objective -f*(-lam theta), the infimum of
    f(z) + lam theta.z over z. Then the gap P(w) - d certifies zeros of every exact solution. That f is convex is not
    needed. *)
Theorem thm_gap_safe :
  forall m n (f : vec m -> R) (G : vec m -> vec m) (M lam : R) (X : matrix m n) (free : Fin.t n -> bool),
  gradient f G -> (forall u v, norm (minus (G u) (G v)) <= M * norm (minus u v)) -> 0 < M -> 0 < lam ->
  let P := l1_objective f X free lam in
  forall (w : vec n) (theta : vec m) (d : R),
  dual_feasible X free theta -> (forall z, d <= f z + lam * dot theta z) ->
  let gap := P w - d in
  forall j, free j = false ->
  Rabs (dot theta (column X j)) + norm (column X j) * sqrt (2 * M * gap) / lam < 1 ->
  forall w', global_min P w' -> w' j = 0.
Proof.
  intros m n f G M lam X free D Lip HM Hlam P w theta d Feas Dual gap j Fj Cert w' Min.
  apply NNPP; intro N.
  set (z := times X w').
  set (delta := fun r => lam * theta r + G z r).
  (* |delta|^2 <= 2 M gap *)
  assert (Near : norm delta ^ 2 <= 2 * M * gap).
  { assert (K := Dual (fun r => z r + - / M * delta r)).
    assert (B := below_parabola m f G M D Lip z (fun r => - / M * delta r)).
    assert (Ns : norm (fun r => - / M * delta r) ^ 2 = / M ^ 2 * norm delta ^ 2).
    { unfold norm; rewrite !pow2_sqrt by (apply sum_nonneg; intro; apply pow2_ge_0).
      rewrite <- sum_scal; apply sum_ext; intro; field; lra. }
    rewrite Ns in B.
    assert (G1 : dot (G z) (fun r => - / M * delta r) + lam * dot theta (fun r => z r + - / M * delta r)
                 = lam * dot theta z + - / M * norm delta ^ 2).
    { unfold norm; rewrite pow2_sqrt by (apply sum_nonneg; intro; apply pow2_ge_0).
      unfold dot; rewrite <- !sum_scal, <- !sum_plus; apply sum_ext; intro r; unfold delta; ring. }
    assert (Feas' : dot theta z <= sum (fun k => if free k then 0 else Rabs (w' k))).
    { unfold z; rewrite dot_times; apply sum_le; intro k; specialize (Feas k); destruct (free k).
      - rewrite Feas; lra.
      - apply Rle_trans with (1 := Rle_abs _); rewrite Rabs_mult.
        rewrite <- (Rmult_1_l (Rabs (w' k))) at 2; apply Rmult_le_compat_r; [apply Rabs_pos | exact Feas]. }
    assert (O := Min w); unfold gap; unfold P, l1_objective in *; fold z in O.
    apply Rmult_le_compat_l with (r := lam) in Feas'; [| lra].
    assert (Q : / M * norm delta ^ 2 - M / 2 * (/ M ^ 2 * norm delta ^ 2) <= f (times X w) +
       lam * sum (fun j0 => if free j0 then 0 else Rabs (w j0)) - d) by lra.
    replace (/ M * norm delta ^ 2 - M / 2 * (/ M ^ 2 * norm delta ^ 2)) with (norm delta ^ 2 / (2 * M)) in Q
      by (field; lra).
    apply Rmult_le_compat_l with (r := 2 * M) in Q; [| lra].
    replace (2 * M * (norm delta ^ 2 / (2 * M))) with (norm delta ^ 2) in Q by (field; lra). exact Q. }
  assert (Near' : norm delta <= sqrt (2 * M * gap)).
  { rewrite <- (sqrt_pow2 (norm delta)) by apply sqrt_pos; now apply sqrt_le_1_alt. }
  (* at w'_j <> 0 the slope is lam *)
  assert (St := l1_stationary m n f G X free lam w' j D Min Fj N); fold z in St.
  assert (S1 : Rabs (sign (w' j)) = 1).
  { destruct (Rdichotomy _ _ N) as [L | L]; [rewrite sign_neg, Rabs_left by lra | rewrite sign_pos, Rabs_R1 by lra];
      ring. }
  assert (E : lam * dot theta (column X j) - lam * sign (w' j) = dot delta (column X j)).
  { replace (lam * sign (w' j)) with (- dot (G z) (column X j)) by lra.
    unfold dot at 3; unfold delta.
    rewrite (sum_ext _ _ (fun r => lam * (theta r * column X j r) + G z r * column X j r)) by (intro; ring).
    rewrite sum_plus, sum_scal; unfold dot; ring. }
  assert (C := dot_le_norm _ delta (column X j)).
  assert (C' : norm delta * norm (column X j) <= sqrt (2 * M * gap) * norm (column X j)).
  { apply Rmult_le_compat_r; [apply sqrt_pos | exact Near']. }
  apply Rmult_lt_compat_r with (r := lam) in Cert; [| exact Hlam].
  replace ((Rabs (dot theta (column X j)) + norm (column X j) * sqrt (2 * M * gap) / lam) * lam)
    with (lam * Rabs (dot theta (column X j)) + norm (column X j) * sqrt (2 * M * gap)) in Cert by (field; lra).
  assert (T := Rabs_triang (lam * dot theta (column X j)) (- dot delta (column X j))).
  rewrite Rabs_Ropp, Rabs_mult, (Rabs_right lam) in T by lra.
  replace (lam * dot theta (column X j) + - dot delta (column X j)) with (lam * sign (w' j)) in T by lra.
  rewrite Rabs_mult, S1, (Rabs_right lam) in T by lra. lra.
Qed.

(** Least squares, where M = 1 and the dual objective is lam theta.y - lam^2 |theta|^2/2. *)
Lemma gap_safe_least_squares :
  forall m n (X : matrix m n) (y : vec m) (lam : R) (free : Fin.t n -> bool), 0 < lam ->
  let P := l1_objective (fun z => norm (minus y z) ^ 2 / 2) X free lam in
  forall (w : vec n) (theta : vec m), dual_feasible X free theta ->
  let gap := P w - (lam * dot theta y - lam ^ 2 * norm theta ^ 2 / 2) in
  forall j, free j = false -> Rabs (dot theta (column X j)) + norm (column X j) * sqrt (2 * gap) / lam < 1 ->
  forall w', global_min P w' -> w' j = 0.
Proof.
  intros m n X y lam free Hlam P w theta Feas gap j Fj Cert.
  assert (Sq : forall v : vec m, norm v ^ 2 = sum (fun r => v r ^ 2)).
  { intro v; unfold norm; apply pow2_sqrt, sum_nonneg; intro; apply pow2_ge_0. }
  apply (thm_gap_safe m n _ (fun z => minus z y) 1 lam X free) with (w := w) (theta := theta)
    (d := lam * dot theta y - lam ^ 2 * norm theta ^ 2 / 2); auto; try lra.
  - intros z h; apply polynomial_slope with (norm (minus y z) ^ 2 / 2) (norm h ^ 2 / 2); intro t.
    rewrite !Sq; unfold dot, minus.
    rewrite (sum_ext _ _ (fun r => (y r - z r) ^ 2 + (2 * t * ((z r - y r) * h r) + t ^ 2 * h r ^ 2))) by (intro; ring).
    rewrite !sum_plus, !sum_scal; field.
  - intros u v; right; rewrite Rmult_1_l; f_equal; apply functional_extensionality; intro r; unfold minus; ring.
  - intro z; rewrite !Sq.
    assert (Q : 0 <= sum (fun r => (lam * theta r - (y r - z r)) ^ 2)) by (apply sum_nonneg; intro; apply pow2_ge_0).
    rewrite (sum_ext _ _ (fun r => lam ^ 2 * theta r ^ 2 + ((- (2 * lam)) * (theta r * y r) +
               (2 * lam * (theta r * z r) + minus y z r ^ 2)))) in Q by (intro; unfold minus; ring).
    rewrite !sum_plus, !sum_scal in Q; unfold dot; lra.
  - now rewrite Rmult_1_r.
Qed.

(** Near miss: a column without penalty to which theta is not orthogonal.  With the feature (1, 3), an intercept, the
    targets (3, -1) and lam = 1 the gap of w = 0 and theta = y is 0, and x.theta = 0; but the solution has the slope
        -3/2. *)
Lemma miss_thm_gap_safe_intercept :
  let X : matrix 2 2 := fun r j => if Fin.eq_dec j Fin.F1 then (if Fin.eq_dec r Fin.F1 then 1 else 3) else 1 in
  let y : vec 2 := fun r => if Fin.eq_dec r Fin.F1 then 3 else -1 in
  let free : Fin.t 2 -> bool := fun j => if Fin.eq_dec j Fin.F1 then false else true in
  let P := l1_objective (fun z => norm (minus y z) ^ 2 / 2) X free 1 in
  P (fun _ => 0) - (1 * dot y y - 1 ^ 2 * norm y ^ 2 / 2) = 0 /\ dot y (column X Fin.F1) = 0 /\
  global_min P (fun j => if Fin.eq_dec j Fin.F1 then - (3 / 2) else 4).
Proof.
  intros X y free P.
  assert (Sq : forall v : vec 2, norm v ^ 2 = v Fin.F1 ^ 2 + v (Fin.FS Fin.F1) ^ 2).
  { intro v; unfold norm; rewrite pow2_sqrt by (apply sum_nonneg; intro; apply pow2_ge_0); simpl; ring. }
  assert (PE : forall u, P u = ((3 - (u Fin.F1 + u (Fin.FS Fin.F1))) ^ 2 + (-1 - (3 * u Fin.F1 + u (Fin.FS Fin.F1))) ^
      2) / 2
                               + Rabs (u Fin.F1)).
  { intro u; unfold P, l1_objective; rewrite Sq; unfold minus, times, dot, X, y, free; simpl; field. }
  split; [| split].
  - rewrite PE, Sq; unfold dot, y; simpl; rewrite Rabs_R0; field.
  - unfold dot, y, column, X; simpl; ring.
  - intro u; rewrite !PE; simpl.
    set (a := u Fin.F1); set (b := u (Fin.FS Fin.F1)).
    rewrite (Rabs_left (- (3 / 2))) by lra; generalize (abs_between a); intro A.
    generalize (pow2_ge_0 (a + b - 5 / 2)) (pow2_ge_0 (3 * a + b + 1 / 2)); lra.
Qed.

