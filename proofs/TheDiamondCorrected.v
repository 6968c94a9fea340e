(** Chapter "The diamond, corrected". *)
Require Import Basics Convexity L2GivesNoSparsity NullSets.

(** w is a minimum of F on the set C. *)
Definition minimum_on {n} (C : vec n -> Prop) (F : vec n -> R) (w : vec n) : Prop :=
  C w /\ forall u, C u -> F w <= F u.

(** * Constraint or penalty *)

(** "Two forms of one problem", part 1: a minimum with penalty is one with constraint. *)
Theorem prop_two_forms_1 :
  forall n (f Omega : vec n -> R) (beta : R) (w : vec n), 0 <= beta ->
  global_min (fun u => f u + beta * Omega u) w -> minimum_on (fun u => Omega u <= Omega w) f w.
Proof.
  intros n f Omega beta w Hb M; split; [apply Rle_refl |]; intros u Hu.
  assert (K := M u); cbv beta in K.
  assert (beta * Omega u <= beta * Omega w) by (apply Rmult_le_compat_l; lra); lra.
Qed.

(** Part 2: under Slater's condition there is a multiplier beta, and it is 0 unless w is on the boundary. *)
Theorem prop_two_forms_2 :
  forall n (f Omega : vec n -> R) (t : R) (w : vec n), convex_n f -> convex_n Omega -> (exists u, Omega u < t) ->
  minimum_on (fun u => Omega u <= t) f w ->
  exists beta, 0 <= beta /\ global_min (fun u => f u + beta * Omega u) w /\ (Omega w < t -> beta = 0).
Proof.
  intros n f Omega t w Cf CO (u0 & Hu0) [Ht M].
  (* what a point outside gains by each unit is no more than what a point inside loses *)
  assert (Rate : forall u v, Omega u < t -> t < Omega v -> (f w - f v) / (Omega v - t) <= (f u - f w) / (t - Omega u)).
  { intros u v Hu Hv; set (a := Omega u) in *; set (b := Omega v) in *.
    set (s := (b - t) / (b - a)).
    assert (Hs : 0 <= s <= 1).
    { unfold s; split; [apply Rlt_le, Rdiv_lt_0_compat; lra |].
      apply Rmult_le_reg_r with (b - a); [lra |].
      replace ((b - t) / (b - a) * (b - a)) with (b - t) by (field; lra). lra. }
    assert (Es : s * a + (1 - s) * b = t) by (unfold s; field; lra).
    assert (K1 := CO u v s Hs); fold a b in K1; rewrite Es in K1.
    assert (K2 := M _ K1). assert (K3 := Cf u v s Hs).
    assert (K4 : s * (f u - f w) >= (1 - s) * (f w - f v)) by lra.
    replace (1 - s) with ((t - a) / (b - a)) in K4 by (unfold s; field; lra); unfold s in K4.
    assert (K5 : (b - t) * (f u - f w) >= (t - a) * (f w - f v)).
    { apply Rle_ge; apply Rmult_le_reg_l with (/ (b - a)); [apply Rinv_0_lt_compat; lra |].
      apply Rge_le in K4; unfold Rdiv in K4; lra. }
    apply Rmult_le_reg_r with ((b - t) * (t - a)); [apply Rmult_lt_0_compat; lra |].
    replace ((f w - f v) / (b - t) * ((b - t) * (t - a))) with ((t - a) * (f w - f v)) by (field; lra).
    replace ((f u - f w) / (t - a) * ((b - t) * (t - a))) with ((b - t) * (f u - f w)) by (field; lra). lra. }
  assert (Pos : forall u, Omega u < t -> 0 <= (f u - f w) / (t - Omega u)).
  { intros u Hu; assert (K := M u (Rlt_le _ _ Hu)); apply Rmult_le_pos; [lra | apply Rlt_le, Rinv_0_lt_compat; lra]. }
  set (S := fun y => y = 0 \/ exists v, t < Omega v /\ y = (f w - f v) / (Omega v - t)).
  destruct (completeness S) as [beta [Up Least]].
  - exists ((f u0 - f w) / (t - Omega u0)); intros y [-> | (v & Hv & ->)]; auto.
  - exists 0; now left.
  - assert (B0 : 0 <= beta) by (apply Up; now left).
    assert (In : forall u, Omega u < t -> beta <= (f u - f w) / (t - Omega u)).
    { intros u Hu; apply Least; intros y [-> | (v & Hv & ->)]; auto. }
    exists beta; split; [exact B0 |]; split.
    + intro u; assert (Bw : beta * Omega w <= beta * t) by (apply Rmult_le_compat_l; lra).
      destruct (Rtotal_order (Omega u) t) as [Hu | [Hu | Hu]].
      * assert (K := In u Hu); apply Rmult_le_compat_r with (r := t - Omega u) in K; [| lra].
        replace ((f u - f w) / (t - Omega u) * (t - Omega u)) with (f u - f w) in K by (field; lra). lra.
      * rewrite Hu; assert (K := M u ltac:(cbv beta; lra)); lra.
      * assert (K : (f w - f u) / (Omega u - t) <= beta) by (apply Up; right; exists u; auto).
        apply Rmult_le_compat_r with (r := Omega u - t) in K; [| lra].
        replace ((f w - f u) / (Omega u - t) * (Omega u - t)) with (f w - f u) in K by (field; lra). lra.
    + intro Hw; assert (K := In w Hw).
      replace ((f w - f w) / (t - Omega w)) with 0 in K by (field; lra). lra.
Qed.

(** Part 3: a larger strength has a smaller size and a larger loss. *)
Theorem prop_two_forms_3 :
  forall n (f Omega : vec n -> R) (beta beta' : R) (w w' : vec n), 0 <= beta < beta' ->
  global_min (fun u => f u + beta * Omega u) w -> global_min (fun u => f u + beta' * Omega u) w' ->
  Omega w' <= Omega w /\ f w <= f w'.
Proof.
  intros n f Omega beta beta' w w' Hb M M'.
  assert (K := M w'); assert (K' := M' w); cbv beta in K, K'.
  assert (O : Omega w' <= Omega w).
  { apply Rnot_lt_le; intro N.
    assert (0 < (beta' - beta) * (Omega w' - Omega w)) by (apply Rmult_lt_0_compat; lra). lra. }
  split; [exact O |].
  assert (beta * Omega w' <= beta * Omega w) by (apply Rmult_le_compat_l; lra); lra.
Qed.

Lemma one_coordinate : forall i : Fin.t 1, i = Fin.F1.
Proof. intro i; pattern i; apply Fin.caseS'; [reflexivity |]; intro j; inversion j. Qed.

(** Near miss: part 2 without Slater's condition.  w is the only point with w^2 <= 0, and no multiple of w^2 holds
    the loss w there. *)
Lemma miss_prop_two_forms_slater :
  ~ (forall n (f Omega : vec n -> R) (t : R) (w : vec n), convex_n f -> convex_n Omega ->
     minimum_on (fun u => Omega u <= t) f w ->
     exists beta, 0 <= beta /\ global_min (fun u => f u + beta * Omega u) w).
Proof.
  intro H; destruct (H 1%nat (fun u => u Fin.F1) (fun u => u Fin.F1 ^ 2) 0 (fun _ => 0)) as (beta & Hb & M).
  - intros u v s Hs; lra.
  - intros u v s Hs. assert (0 <= s * (1 - s) * (u Fin.F1 - v Fin.F1) ^ 2); [| lra].
    apply Rmult_le_pos; [apply Rmult_le_pos; lra | apply pow2_ge_0].
  - split; [lra |]; intros u Hu; assert (K := pow2_ge_0 (u Fin.F1)).
    assert (u Fin.F1 = 0) by (apply Rsqr_0_uniq; rewrite Rsqr_pow2; lra); lra.
  - assert (K := M (fun _ => - / (beta + 1))); cbv beta in K.
    assert (P : 0 < / (beta + 1)) by (apply Rinv_0_lt_compat; lra).
    assert (E : / (beta + 1) * (beta + 1) = 1) by (field; lra). nra.
Qed.

(** Near miss: part 1 with a negative strength.  -w^2 + w^2 is 0, and at least at w = 1; on w^2 <= 1 the least value of
    w^2 is at 0. *)
Lemma miss_prop_two_forms_negative :
  ~ (forall n (f Omega : vec n -> R) (beta : R) (w : vec n),
     global_min (fun u => f u + beta * Omega u) w -> minimum_on (fun u => Omega u <= Omega w) f w).
Proof.
  intro H; destruct (H 1%nat (fun u => u Fin.F1 ^ 2) (fun u => u Fin.F1 ^ 2) (-1) (fun _ => 1)) as [_ K].
  - intro u; lra.
  - specialize (K (fun _ => 0) ltac:(cbv beta; lra)); cbv beta in K; lra.
Qed.

(** Example "Neither map is one to one". *)
Theorem exa_two_forms : forall beta : R, let F w := Rabs (w - 2) + beta * Rabs w in
  (0 <= beta < 1 -> unique_min F 2) /\ (beta = 1 -> forall x, (forall y, F x <= F y) <-> 0 <= x <= 2) /\
  (1 < beta -> unique_min F 0).
Proof.
  intros beta F; unfold F; repeat split.
  - intros Hb y Hy; replace (2 - 2) with 0 by ring; rewrite Rabs_R0, (Rabs_right 2) by lra.
    destruct (Rle_dec 2 y); [rewrite (Rabs_right (y - 2)), (Rabs_right y) by lra; nra |].
    rewrite (Rabs_left (y - 2)) by lra; assert (K := Rle_abs y).
    assert (beta * y <= beta * Rabs y) by (apply Rmult_le_compat_l; lra); nra.
  - specialize (H0 0); subst beta; revert H0; rewrite Rabs_R0, (Rabs_left (0 - 2)) by lra.
    unfold Rabs; destruct (Rcase_abs (x - 2)), (Rcase_abs x); lra.
  - specialize (H0 0); subst beta; revert H0; rewrite Rabs_R0, (Rabs_left (0 - 2)) by lra.
    unfold Rabs; destruct (Rcase_abs (x - 2)), (Rcase_abs x); lra.
  - intros [H1 H2] y; subst beta; rewrite (Rabs_left1 (x - 2)), (Rabs_right x) by lra.
    generalize (Rle_abs y) (abs_between (y - 2)); lra.
  - intros Hb y Hy; rewrite Rabs_R0, (Rabs_left (0 - 2)) by lra.
    assert (P : 0 < Rabs y) by now apply Rabs_pos_lt.
    assert (1 * Rabs y < beta * Rabs y) by (apply Rmult_lt_compat_r; lra).
    generalize (Rle_abs y) (abs_between (y - 2)); lra.
Qed.

(** * Targets and normal cones *)

Definition convex_set {n} (C : vec n -> Prop) : Prop :=
  forall u v t, 0 <= t <= 1 -> C u -> C v -> C (fun j => t * u j + (1 - t) * v j).

(** Definition "Normal cone": d makes no acute angle with any step from x into C. *)
Definition normal_cone {n} (C : vec n -> Prop) (x d : vec n) : Prop := forall u, C u -> dot d (minus u x) <= 0.

(** The loss with its minimum at the target y: (w - y)' G (w - y)/2. *)
Definition target_loss {n} (G : matrix n n) (y w : vec n) : R := quadratic_form G (minus w y) / 2.

Lemma form_line : forall n (G : matrix n n) (a b : vec n) s, (forall i j, G i j = G j i) ->
  quadratic_form G (fun j => a j + s * b j) =
  quadratic_form G a + 2 * s * dot (times G a) b + s ^ 2 * quadratic_form G b.
Proof.
  intros n G a b s Sym; unfold quadratic_form.
  set (A := fun i => sum (fun j => G i j * a j)). set (B := fun i => sum (fun j => G i j * b j)).
  assert (E1 : forall i, sum (fun j => G i j * (a j + s * b j)) = A i + s * B i).
  { intro i; unfold A, B; rewrite <- sum_scal, <- sum_plus; apply sum_ext; intro; ring. }
  assert (E2 : sum (fun i => a i * B i) = sum (fun i => A i * b i)).
  { transitivity (sum (fun i => sum (fun j => a i * (G i j * b j)))).
    - apply sum_ext; intro i; unfold B; now rewrite sum_scal.
    - rewrite sum_swap; apply sum_ext; intro j; unfold A.
      rewrite Rmult_comm, <- sum_scal; apply sum_ext; intro i; rewrite (Sym i j); ring. }
  change (dot (times G a) b) with (sum (fun i => A i * b i)).
  change (sum (fun i => a i * sum (fun j => G i j * a j))) with (sum (fun i => a i * A i)).
  change (sum (fun i => b i * sum (fun j => G i j * b j))) with (sum (fun i => b i * B i)).
  rewrite (sum_ext _ _ (fun i => (a i * A i + s * (a i * B i)) + (s * (A i * b i) + s ^ 2 * (b i * B i))))
    by (intro i; rewrite E1; ring).
  rewrite !sum_plus, !sum_scal, E2; ring.
Qed.

(** The loss along a line from x towards u. *)
Lemma loss_line : forall n (G : matrix n n) (y x u : vec n) s, (forall i j, G i j = G j i) ->
  target_loss G y (fun j => s * u j + (1 - s) * x j) =
  target_loss G y x - s * dot (times G (minus y x)) (minus u x) + s ^ 2 * (quadratic_form G (minus u x) / 2).
Proof.
  intros n G y x u s Sym; unfold target_loss.
  replace (minus (fun j => s * u j + (1 - s) * x j) y) with (fun j => minus x y j + s * minus u x j)
    by (apply functional_extensionality; intro; unfold minus; ring).
  rewrite form_line by exact Sym.
  assert (E : dot (times G (minus x y)) (minus u x) = -1 * dot (times G (minus y x)) (minus u x)).
  { unfold dot; rewrite <- sum_scal; apply sum_ext; intro i.
    assert (T : times G (minus x y) i = -1 * times G (minus y x) i); [| rewrite T; ring].
    unfold times, dot; rewrite <- sum_scal; apply sum_ext; intro j; unfold minus; ring. }
  rewrite E; field.
Qed.

(** "Targets of a point", part 1: the target y lands on x exactly if G (y - x) is in the normal cone at x, and then x is
    the only minimum. *)
Theorem prop_targets_1 :
  forall n (C : vec n -> Prop) (G : matrix n n) (x y : vec n), convex_set C -> C x -> (forall i j, G i j = G j i) ->
  (forall d : vec n, (exists i, d i <> 0) -> 0 < quadratic_form G d) ->
  (minimum_on C (target_loss G y) x <-> normal_cone C x (times G (minus y x))) /\
  (minimum_on C (target_loss G y) x -> forall u, C u -> u <> x -> target_loss G y x < target_loss G y u).
Proof.
  intros n C G x y Cv Cx Sym PD.
  assert (Nonneg : forall d, 0 <= quadratic_form G d).
  { intro d; destruct (classic (exists i, d i <> 0)) as [N | Z]; [now apply Rlt_le, PD |].
    right; unfold quadratic_form; rewrite (sum_ext _ _ (fun _ => 0)); [now rewrite sum_zero |].
    intro i; replace (d i) with 0; [ring |]. apply NNPP; intro N; apply Z; exists i; auto. }
  assert (Line := fun u s => loss_line n G y x u s Sym).
  assert (Iff : minimum_on C (target_loss G y) x <-> normal_cone C x (times G (minus y x))).
  { split.
    - intros [_ H] u Cu; apply Rnot_lt_le; intro N.
      set (s := dot (times G (minus y x)) (minus u x)) in *. set (q := quadratic_form G (minus u x) / 2).
      assert (Q : 0 <= q) by (unfold q; generalize (Nonneg (minus u x)); lra).
      set (t := Rmin 1 (s / (2 * (q + 1)))).
      assert (Pt : 0 < t) by (apply Rmin_pos; [lra | apply Rdiv_lt_0_compat; lra]).
      assert (T1 : t <= 1) by apply Rmin_l.
      assert (T2 : t * (2 * (q + 1)) <= s).
      { apply Rle_trans with (s / (2 * (q + 1)) * (2 * (q + 1))); [apply Rmult_le_compat_r; [lra | apply Rmin_r] |].
        right; field; lra. }
      specialize (H _ (Cv u x t ltac:(lra) Cu Cx)); rewrite Line in H; fold s q in H. nra.
    - intro H; split; [exact Cx |]; intros u Cu; specialize (H u Cu).
      assert (K := Line u 1); replace (fun j => 1 * u j + (1 - 1) * x j) with u in K
        by (apply functional_extensionality; intro; ring).
      rewrite K; generalize (Nonneg (minus u x)); lra. }
  split; [exact Iff |]; intros M u Cu Ne; apply Iff in M; specialize (M u Cu).
  assert (K := Line u 1); replace (fun j => 1 * u j + (1 - 1) * x j) with u in K
    by (apply functional_extensionality; intro; ring).
  assert (P : 0 < quadratic_form G (minus u x)); [| lra].
  apply PD; apply NNPP; intro N; apply Ne; apply functional_extensionality; intro j.
  apply NNPP; intro Nj; apply N; exists j; unfold minus; lra.
Qed.

(** Part 2: around a target whose pull G (y - x) is inside the cone, all targets land on x; a cone in a plane has a null
    set of targets. *)
(* Scope: that a cone without interior points lies in a plane through 0 is not proved. *)
Theorem prop_targets_2 :
  forall n (C : vec n -> Prop) (G : matrix n n) (x : vec n), convex_set C -> C x -> (forall i j, G i j = G j i) ->
  (forall d : vec n, (exists i, d i <> 0) -> 0 < quadratic_form G d) ->
  (forall y0 eps, 0 < eps -> (forall d, near eps (times G (minus y0 x)) d -> normal_cone C x d) ->
   exists delta, 0 < delta /\ forall y, near delta y0 y -> minimum_on C (target_loss G y) x) /\
  (forall a : vec n, (exists i, a i <> 0) -> (forall d, normal_cone C x d -> dot a d = 0) ->
   null (fun y => minimum_on C (target_loss G y) x)).
Proof.
  intros n C G x Cv Cx Sym PD; split.
  - intros y0 eps He Ball.
    set (K := sum (fun i => sum (fun j => Rabs (G i j))) + 1).
    assert (Row : forall i, sum (fun j => Rabs (G i j)) < K).
    { intro i; apply Rle_lt_trans with (sum (fun i => sum (fun j => Rabs (G i j)))); [| unfold K; lra].
      apply (term_le_sum n (fun i => sum (fun j => Rabs (G i j)))); intro k; apply sum_nonneg; intro; apply Rabs_pos. }
    assert (PK : 0 < K).
    { assert (0 <= sum (fun i => sum (fun j => Rabs (G i j)))); [| unfold K; lra].
      apply sum_nonneg; intro; apply sum_nonneg; intro; apply Rabs_pos. }
    exists (eps / K); split; [apply Rdiv_lt_0_compat; lra |]; intros y Hy.
    apply prop_targets_1; auto; apply Ball; intro i.
    replace (times G (minus y x) i - times G (minus y0 x) i) with (sum (fun j => G i j * (y j - y0 j))).
    2: { unfold times, dot; rewrite (sum_ext _ (fun j => G i j * (y j - y0 j))
           (fun j => G i j * minus y x j + -1 * (G i j * minus y0 x j))) by (intro; unfold minus; ring).
         rewrite sum_plus, sum_scal; ring. }
    apply Rle_lt_trans with (1 := sum_abs _ _).
    apply Rle_lt_trans with (sum (fun j => eps / K * Rabs (G i j))).
    + apply sum_le; intro j; rewrite Rabs_mult, Rmult_comm.
      apply Rmult_le_compat_r; [apply Rabs_pos | apply Rlt_le, Hy].
    + rewrite sum_scal; apply Rlt_le_trans with (eps / K * K); [| right; field; lra].
      apply Rmult_lt_compat_l; [apply Rdiv_lt_0_compat; lra | apply Row].
  - intros a Na Flat.
    assert (Swap : forall u, dot a (times G u) = dot (times G a) u).
    { intro u; assert (K := form_line n G a u 1 Sym); assert (K' := form_line n G u a 1 Sym).
      replace (fun j => u j + 1 * a j) with (fun j => a j + 1 * u j) in K'
        by (apply functional_extensionality; intro; ring).
      assert (E : dot (times G u) a = dot a (times G u)) by (unfold dot; apply sum_ext; intro; ring). lra. }
    assert (Nga : exists i, times G a i <> 0).
    { apply NNPP; intro N; assert (P := PD a Na); unfold quadratic_form in P.
      rewrite (sum_ext _ _ (fun _ => 0)), sum_zero in P; [lra |]; intro i.
      assert (Z : times G a i = 0) by (apply NNPP; intro; apply N; exists i; auto).
      unfold times, dot in Z; rewrite Z; ring. }
    destruct Nga as [i Hi].
    apply null_subset with (2 := hyperplane_null n (times G a) (dot (times G a) x) i Hi); intros y My.
    apply prop_targets_1 in My; auto; apply Flat in My; rewrite Swap in My.
    assert (E : dot (times G a) (minus y x) = dot (times G a) y + -1 * dot (times G a) x); [| lra].
    unfold dot at 1; rewrite (sum_ext _ _ (fun j => times G a j * y j + -1 * (times G a j * x j)))
      by (intro; unfold minus; ring). rewrite sum_plus, sum_scal; reflexivity.
Qed.

(** Near miss: a set that is not convex.  On {0, 1} the target 2/5 lands on 0, and the step to 1 makes an acute angle
    with it. *)
Lemma miss_prop_targets_two_points :
  ~ (forall n (C : vec n -> Prop) (G : matrix n n) (x y : vec n), C x -> (forall i j, G i j = G j i) ->
     (forall d : vec n, (exists i, d i <> 0) -> 0 < quadratic_form G d) ->
     minimum_on C (target_loss G y) x -> normal_cone C x (times G (minus y x))).
Proof.
  intro H; assert (K := H 1%nat (fun u => u Fin.F1 = 0 \/ u Fin.F1 = 1) (fun _ _ => 1) (fun _ => 0) (fun _ => 2 / 5)).
  unfold normal_cone, minimum_on, target_loss, quadratic_form, times, dot, minus in K; simpl in K.
  specialize (K ltac:(now left) ltac:(reflexivity)).
  assert (P : forall d : vec 1, (exists i, d i <> 0) ->
    0 < d Fin.F1 * (1 * d Fin.F1 + 0) + 0).
  { intros d [i Hi]; rewrite (one_coordinate i) in Hi.
    assert (Q := square_pos (d Fin.F1) Hi); lra. }
  specialize (K P); assert (L : 1 * (2 / 5 - 0) + 0 <= 0); [| lra].
  specialize (K ltac:(split; [now left | intros u [-> | ->]; lra]) (fun _ => 1) ltac:(now right)); lra.
Qed.

(** * The diamond *)

Definition l1_ball {n} (t : R) (u : vec n) : Prop := sum (fun j => Rabs (u j)) <= t.

Lemma l1_ball_convex : forall n t, convex_set (@l1_ball n t).
Proof.
  intros n t u v s Hs Hu Hv; unfold l1_ball in *.
  apply Rle_trans with (sum (fun j => s * Rabs (u j) + (1 - s) * Rabs (v j))).
  - apply sum_le; intro j; apply Rle_trans with (1 := Rabs_triang _ _); rewrite !Rabs_mult.
    rewrite (Rabs_right s), (Rabs_right (1 - s)) by lra; lra.
  - rewrite sum_plus, !sum_scal; nra.
Qed.

(** The corners decide. *)
Lemma cone_corners : forall n t (w d : vec n), 0 <= t ->
  (normal_cone (l1_ball t) w d <-> forall j, t * Rabs (d j) <= dot d w) \/ n = 0%nat.
Proof.
  intros n t w d Ht; destruct n as [| n]; [now right | left].
  assert (Diff : forall u, dot d (minus u w) = dot d u + -1 * dot d w).
  { intro u; unfold dot at 1; rewrite (sum_ext _ _ (fun j => d j * u j + -1 * (d j * w j)))
      by (intro; unfold minus; ring). rewrite sum_plus, sum_scal; reflexivity. }
  split.
  - intros H j.
    assert (One : forall c, Rabs c = t -> c * d j <= dot d w).
    { intros c Hc; assert (K := H (fun k => if Fin.eq_dec k j then c else 0)).
      rewrite Diff in K; unfold dot at 1 in K.
      rewrite (sum_ext _ _ (fun k => if Fin.eq_dec k j then c * d k else 0)) in K
        by (intro k; destruct (Fin.eq_dec k j); ring).
      rewrite (sum_pick _ (fun k => c * d k)) in K.
      assert (B : l1_ball t (fun k => if Fin.eq_dec k j then c else 0)); [| specialize (K B); lra].
      unfold l1_ball; rewrite (sum_ext _ _ (fun k => if Fin.eq_dec k j then Rabs c else 0))
        by (intro k; destruct (Fin.eq_dec k j); [reflexivity | apply Rabs_R0]).
      rewrite (sum_pick _ (fun _ => Rabs c)); lra. }
    unfold Rabs at 1; destruct (Rcase_abs (d j)).
    + specialize (One (- t) ltac:(rewrite Rabs_Ropp, Rabs_right; lra)); lra.
    + apply One, Rabs_right; lra.
  - intros H u Hu; rewrite Diff; unfold l1_ball in Hu.
    assert (K : t * dot d u <= sum (fun j => dot d w * Rabs (u j))).
    { unfold dot at 1; rewrite <- sum_scal; apply sum_le; intro j.
      apply Rle_trans with (t * Rabs (d j) * Rabs (u j)).
      - rewrite Rmult_assoc, <- Rabs_mult; apply Rmult_le_compat_l; [lra | apply Rle_abs].
      - apply Rmult_le_compat_r; [apply Rabs_pos | apply H]. }
    rewrite sum_scal in K.
    assert (Dw : 0 <= dot d w).
    { apply Rle_trans with (2 := H Fin.F1); apply Rmult_le_pos; [lra | apply Rabs_pos]. }
    destruct Ht as [Ht | <-].
    + assert (t * dot d u <= t * dot d w) by nra.
      assert (dot d u <= dot d w) by (apply Rmult_le_reg_l with t; lra); lra.
    + assert (Z : forall j, Rabs (u j) = 0).
      { intro j; assert (Q := term_le_sum _ (fun j => Rabs (u j)) (fun j => Rabs_pos _) j); cbv beta in Q.
        generalize (Rabs_pos (u j)); lra. }
      assert (dot d u = 0); [| lra].
      unfold dot; rewrite (sum_ext _ _ (fun _ => 0)), sum_zero; [reflexivity |]; intro j.
      assert (u j = 0); [| nra]. apply NNPP; intro N; apply Rabs_no_R0 in N; apply N, Z.
Qed.

(** The conditions of the lasso with strength beta, for the pull d = -grad f. *)
Definition lasso_conditions {n} (beta : R) (w d : vec n) : Prop :=
  (forall j, w j <> 0 -> d j = beta * sign (w j)) /\ (forall j, w j = 0 -> Rabs (d j) <= beta).

(** "The cone is the zero interval", part 1. *)
Theorem prop_cone_1 :
  forall n (t : R) (w d : vec n), 0 < t -> sum (fun j => Rabs (w j)) = t ->
  (normal_cone (l1_ball t) w d <-> exists beta, 0 <= beta /\ lasso_conditions beta w d).
Proof.
  intros n t w d Ht Hw.
  destruct (cone_corners n t w d (Rlt_le _ _ Ht)) as [Iff | ->]; [| simpl in Hw; lra].
  rewrite Iff; split.
  - intro H; set (beta := dot d w / t); assert (E : dot d w = beta * t) by (unfold beta; field; lra).
    assert (All : forall j, Rabs (d j) <= beta).
    { intro j; apply Rmult_le_reg_l with t; [lra |]; rewrite (Rmult_comm t beta), <- E; apply H. }
    assert (Term : forall j, 0 <= beta * Rabs (w j) + -1 * (d j * w j)).
    { intro j; assert (K := Rle_abs (d j * w j)); rewrite Rabs_mult in K.
      assert (Rabs (d j) * Rabs (w j) <= beta * Rabs (w j)) by (apply Rmult_le_compat_r; [apply Rabs_pos | apply All]).
      lra. }
    assert (Zero : sum (fun j => beta * Rabs (w j) + -1 * (d j * w j)) = 0).
    { rewrite sum_plus, !sum_scal, Hw; change (sum (fun j => d j * w j)) with (dot d w); rewrite E; ring. }
    exists beta; split.
    { destruct n; [simpl in Hw; lra |]. apply Rle_trans with (2 := All Fin.F1), Rabs_pos. }
    split; intros j Hj; [| apply All].
    assert (K := term_le_sum n _ Term j); cbv beta in K; rewrite Zero in K; specialize (Term j).
    destruct (Rdichotomy _ _ Hj) as [N | P].
    + rewrite sign_neg by lra; rewrite (Rabs_left (w j)) in * by lra.
      apply Rmult_eq_reg_r with (w j); lra.
    + rewrite sign_pos by lra; rewrite (Rabs_right (w j)) in * by lra.
      apply Rmult_eq_reg_r with (w j); lra.
  - intros (beta & Hb & Supp & Off) j.
    assert (E : dot d w = beta * t).
    { rewrite <- Hw, <- sum_scal; unfold dot; apply sum_ext; intro k.
      destruct (Req_EM_T (w k) 0) as [Z | N]; [rewrite Z, Rabs_R0; ring |]; rewrite (Supp k N).
      destruct (Rdichotomy _ _ N); [rewrite sign_neg, Rabs_left by lra | rewrite sign_pos, Rabs_right by lra]; ring. }
    rewrite E, (Rmult_comm beta t); apply Rmult_le_compat_l; [lra |].
    destruct (Req_EM_T (w j) 0) as [Z | N]; [now apply Off |]; rewrite (Supp j N).
    destruct (Rdichotomy _ _ N) as [P | P]; [rewrite sign_neg by lra | rewrite sign_pos by lra].
    + replace (beta * -1) with (- beta) by ring; rewrite Rabs_Ropp, Rabs_right; lra.
    + rewrite Rabs_right; lra.
Qed.

(** Part 2: the corner. *)
Theorem prop_cone_2 :
  forall n (t : R) (i : Fin.t n) (d : vec n), 0 < t ->
  (normal_cone (l1_ball t) (fun j => if Fin.eq_dec j i then t else 0) d <-> forall j, Rabs (d j) <= d i).
Proof.
  intros n t i d Ht.
  destruct (cone_corners n t (fun j => if Fin.eq_dec j i then t else 0) d (Rlt_le _ _ Ht)) as [Iff | ->];
    [| inversion i].
  rewrite Iff; unfold dot.
  rewrite (sum_ext _ _ (fun k => if Fin.eq_dec k i then t * d k else 0)) by (intro k; destruct (Fin.eq_dec k i); ring).
  rewrite (sum_pick _ (fun k => t * d k)); split; intros H j; specialize (H j).
  - apply Rmult_le_reg_l with t; lra.
  - apply Rmult_le_compat_l; lra.
Qed.

(** Part 3: a minimum on the diamond's boundary is a solution of the lasso. *)
Theorem prop_cone_3 :
  forall n (f : vec n -> R) (t : R) (w g : vec n), 0 < t -> sum (fun j => Rabs (w j)) = t ->
  convex_n f -> (forall i, partial f i w (g i)) ->
  (minimum_on (l1_ball t) f w <-> exists beta, 0 <= beta /\ lasso_conditions beta w (fun j => - g j)).
Proof.
  intros n f t w g Ht Hw Cf D; split.
  - intro M.
    assert (CO : convex_n (fun u : vec n => sum (fun j => Rabs (u j)))).
    { intros u v s Hs; rewrite <- !sum_scal, <- sum_plus; apply sum_le; intro j; now apply convex_abs. }
    destruct (prop_two_forms_2 n f (fun u => sum (fun j => Rabs (u j))) t w Cf CO) as (beta & Hb & Min & _).
    { exists (fun _ => 0); rewrite (sum_ext _ _ (fun _ => 0)), sum_zero by (intro; apply Rabs_R0); lra. }
    { exact M. }
    exists beta; split; [exact Hb |].
    assert (Line : forall i, line_below (fun v => beta * Rabs v) (w i) (- g i)).
    { intro i; apply (convex_plus_smooth (fun v => beta * Rabs v) (fun v => f (step w i (v - w i)))).
      - apply convex_scal; [exact Hb | apply convex_abs].
      - intros eps He; destruct (D i eps He) as [de K]; exists de; intros h Hh Hd; specialize (K h Hh Hd).
        rewrite Rplus_0_l in K; replace (w i + h - w i) with h by ring.
        replace (w i - w i) with 0 by ring; exact K.
      - intro v; assert (K := Min (step w i (v - w i))); cbv beta in K.
        replace (w i - w i) with 0 by ring; rewrite step_0.
        assert (S := sum_one n (fun j => Rabs (step w i (v - w i) j)) (fun j => Rabs (w j)) i); cbv beta in S.
        rewrite step_same in S; replace (w i + (v - w i)) with v in S by ring.
        assert (E := S ltac:(intros j Hj; now rewrite step_other)).
        assert (beta * sum (fun j => Rabs (step w i (v - w i) j)) - beta * sum (fun j => Rabs (w j))
          = beta * Rabs v - beta * Rabs (w i)) by (rewrite <- !Rmult_minus_distr_l, E; ring). lra. }
    split; intros i Hi; assert (L := Line i); unfold line_below in L.
    + assert (L1 := L 0); assert (L2 := L (2 * w i)); rewrite Rabs_R0 in L1.
      rewrite Rabs_mult, (Rabs_right 2) in L2 by lra.
      apply Rmult_eq_reg_r with (w i); [| exact Hi].
      destruct (Rdichotomy _ _ Hi); [rewrite sign_neg, (Rabs_left (w i)) in * by lra
        | rewrite sign_pos, (Rabs_right (w i)) in * by lra]; lra.
    + assert (L1 := L 1); assert (L2 := L (-1)); rewrite Hi, Rabs_R0 in L1, L2.
      rewrite Rabs_R1 in L1; rewrite Rabs_left in L2 by lra; apply Rabs_le; lra.
  - intros B; apply (prop_cone_1 n t w _ Ht Hw) in B; split; [unfold l1_ball; lra |]; intros u Hu.
    assert (K := gradient_inequality n f w g Cf D u); assert (B' := B u Hu).
    unfold dot, minus in B'; rewrite (sum_ext _ _ (fun j => -1 * (g j * (u j - w j)))) in B' by (intro; ring).
    rewrite sum_scal in B'; lra.
Qed.

(** Near miss: a pull of (1, 2) is outside of the cone at the corner (1, 0): it lands elsewhere. *)
Lemma miss_prop_cone_twice :
  ~ (forall n (t : R) (i : Fin.t n) (d : vec n), 0 < t ->
     (normal_cone (l1_ball t) (fun j => if Fin.eq_dec j i then t else 0) d <-> forall j, Rabs (d j) <= 2 * d i)).
Proof.
  intro H; assert (K := H 2%nat 1 Fin.F1 (fun j => if Fin.eq_dec j Fin.F1 then 1 else 2) ltac:(lra)).
  assert (N : normal_cone (l1_ball 1) (fun j : Fin.t 2 => if Fin.eq_dec j Fin.F1 then 1 else 0)
    (fun j => if Fin.eq_dec j Fin.F1 then 1 else 2)).
  { apply K; intro j; destruct (Fin.eq_dec Fin.F1 Fin.F1); [| congruence].
    destruct (Fin.eq_dec j Fin.F1); rewrite Rabs_right; lra. }
  apply prop_cone_2 with (j := Fin.FS Fin.F1) in N; [| lra]; simpl in N; rewrite Rabs_right in N; lra.
Qed.

(** * A ball of a power above one *)

(** Balls of the power p: the sum of |u_j|^p is at most t^p. *)
Definition power_ball {n} (p t : R) (u : vec n) : Prop := sum (fun j => power (u j) p) <= power t p.

Lemma power_0 : forall p, power 0 p = 0.
Proof. intro p; unfold power; destruct (Req_EM_T 0 0); [reflexivity | lra]. Qed.

Lemma power_nonneg : forall u p, 0 <= power u p.
Proof. intros u p; unfold power; destruct (Req_EM_T u 0); [lra | apply Rlt_le, exp_pos]. Qed.

Lemma power_pos : forall u p, u <> 0 -> 0 < power u p.
Proof. intros u p H; unfold power; destruct (Req_EM_T u 0); [lra | apply exp_pos]. Qed.

Lemma power_abs : forall u p, power (Rabs u) p = power u p.
Proof.
  intros u p; unfold power; rewrite Rabs_Rabsolu.
  destruct (Req_EM_T (Rabs u) 0) as [E | N], (Req_EM_T u 0) as [E' | N']; auto.
  - now apply Rabs_no_R0 in N'.
  - subst u; now rewrite Rabs_R0 in N.
Qed.

Lemma power_mult : forall c u p, 0 < c -> power (c * u) p = Rpower c p * power u p.
Proof.
  intros c u p Hc; unfold power; destruct (Req_EM_T u 0) as [-> | N].
  - rewrite Rmult_0_r; destruct (Req_EM_T 0 0); [ring | lra].
  - destruct (Req_EM_T (c * u) 0) as [E | _]; [apply Rmult_integral in E; lra |].
    rewrite Rabs_mult, (Rabs_right c) by lra; symmetry; apply Rpower_mult_distr; [lra | now apply Rabs_pos_lt].
Qed.

Lemma Rpower_small : forall c p, 0 < c <= 1 -> 1 <= p -> Rpower c p <= c.
Proof.
  intros c p Hc Hp; rewrite <- (exp_ln c) at 2 by lra; unfold Rpower.
  assert (L : ln c <= 0).
  { rewrite <- ln_1; destruct (proj2 Hc) as [H | ->]; [apply Rlt_le, ln_increasing; lra | lra]. }
  destruct (Req_dec (p * ln c) (ln c)) as [-> | N]; [lra |].
  apply Rlt_le, exp_increasing; nra.
Qed.

Lemma power_le : forall u t p, 0 < p -> 0 < t -> power u p <= power t p -> Rabs u <= t.
Proof.
  intros u t p Hp Ht H; apply Rnot_lt_le; intro N; revert H; apply Rlt_not_le.
  unfold power; destruct (Req_EM_T t 0); [lra |]; destruct (Req_EM_T u 0) as [-> | Nu]; [rewrite Rabs_R0 in N; lra |].
  rewrite (Rabs_right t) by lra; apply Rlt_Rpower_l; lra.
Qed.

Lemma le_power : forall u t p, 0 <= p -> Rabs u <= t -> power u p <= power t p.
Proof.
  intros u t p Hp H; unfold power at 1; destruct (Req_EM_T u 0) as [_ | Nu]; [apply power_nonneg |].
  assert (Pu : 0 < Rabs u) by now apply Rabs_pos_lt.
  unfold power; destruct (Req_EM_T t 0); [lra |]; rewrite (Rabs_right t) by lra; apply Rle_Rpower_l; lra.
Qed.

(** Bernoulli's inequality for a real power. *)
Lemma bernoulli : forall z p, 0 <= z -> 1 <= p -> 1 + p * (z - 1) <= power z p.
Proof.
  intros z p Hz Hp; unfold power; destruct (Req_EM_T z 0) as [-> | N]; [lra |].
  rewrite (Rabs_right z) by lra; unfold Rpower; set (a := p * ln z).
  assert (Ez : z = exp (a * / p)) by (unfold a; replace (p * ln z * / p) with (ln z) by (field; lra);
    rewrite exp_ln; lra).
  set (E := exp (a * / p)) in *; assert (PE : 0 < E) by apply exp_pos.
  assert (K1 : E * (1 + (a - a * / p)) <= exp a).
  { replace (exp a) with (E * exp (a - a * / p)) by (unfold E; rewrite <- exp_plus; f_equal; ring).
    apply Rmult_le_compat_l; [lra | apply exp_ineq1_le]. }
  assert (K2 : E * (1 + (0 - a * / p)) <= 1).
  { apply Rle_trans with (E * exp (0 - a * / p)); [apply Rmult_le_compat_l; [lra | apply exp_ineq1_le] |].
    unfold E; rewrite <- exp_plus; replace (a * / p + (0 - a * / p)) with 0 by ring; rewrite exp_0; lra. }
  rewrite Ez.
  assert (K3 : (p - 1) * (E * (1 + (0 - a * / p))) <= (p - 1) * 1) by (apply Rmult_le_compat_l; lra).
  assert (K4 : E * (1 + (a - a * / p)) + (p - 1) * (E * (1 + (0 - a * / p))) = p * E) by (field; lra). lra.
Qed.

Lemma power_convex : forall p, 1 <= p -> convex (fun u => power u p).
Proof.
  intros p Hp x y s Hs; set (m := s * x + (1 - s) * y).
  destruct (Req_dec m 0) as [-> | Nm].
  { rewrite power_0; generalize (power_nonneg x p) (power_nonneg y p); nra. }
  assert (Pm : 0 < Rabs m) by now apply Rabs_pos_lt.
  assert (Line : forall u, power m p * (1 + p * (Rabs u / Rabs m - 1)) <= power u p).
  { intro u; assert (K := bernoulli (Rabs u / Rabs m) p ltac:(apply Rmult_le_pos; [apply Rabs_pos | apply Rlt_le,
      Rinv_0_lt_compat; lra]) Hp).
    rewrite <- (power_abs u); replace (Rabs u) with (Rabs m * (Rabs u / Rabs m)) at 2 by (field; lra).
    rewrite power_mult by lra; replace (Rpower (Rabs m) p) with (power m p)
      by (unfold power; destruct (Req_EM_T m 0); [lra | reflexivity]).
    apply Rmult_le_compat_l; [apply power_nonneg | exact K]. }
  assert (Tri : Rabs m <= s * Rabs x + (1 - s) * Rabs y).
  { apply Rle_trans with (1 := Rabs_triang _ _); rewrite !Rabs_mult, (Rabs_right s), (Rabs_right (1 - s)) by lra; lra. }
  assert (Lx := Line x); assert (Ly := Line y); set (M := power m p) in *.
  assert (PM : 0 <= M) by apply power_nonneg.
  assert (Q : 0 <= s * (Rabs x / Rabs m - 1) + (1 - s) * (Rabs y / Rabs m - 1)).
  { replace (s * (Rabs x / Rabs m - 1) + (1 - s) * (Rabs y / Rabs m - 1))
      with ((s * Rabs x + (1 - s) * Rabs y - Rabs m) * / Rabs m) by (field; lra).
    apply Rmult_le_pos; [lra | apply Rlt_le, Rinv_0_lt_compat; lra]. }
  assert (S1 : s * (M * (1 + p * (Rabs x / Rabs m - 1))) <= s * power x p) by (apply Rmult_le_compat_l; lra).
  assert (S2 : (1 - s) * (M * (1 + p * (Rabs y / Rabs m - 1))) <= (1 - s) * power y p)
    by (apply Rmult_le_compat_l; lra).
  assert (0 <= M * p * (s * (Rabs x / Rabs m - 1) + (1 - s) * (Rabs y / Rabs m - 1)))
    by (repeat apply Rmult_le_pos; lra). lra.
Qed.

Lemma power_ball_convex : forall n p t, 1 <= p -> convex_set (@power_ball n p t).
Proof.
  intros n p t Hp u v s Hs Hu Hv; unfold power_ball in *.
  apply Rle_trans with (sum (fun j => s * power (u j) p + (1 - s) * power (v j) p)).
  - apply sum_le; intro j; now apply power_convex.
  - rewrite sum_plus, !sum_scal; nra.
Qed.

(** "A ball that sticks out as far", part 1: where w_i = 0, the normals have no component i. *)
Theorem prop_ball_1 :
  forall n (p t : R) (i : Fin.t n) (w d : vec n), 1 < p -> 0 < t -> power_ball p t w -> w i = 0 ->
  normal_cone (power_ball p t) w d -> d i = 0.
Proof.
  intros n p t i w d Hp Ht Hw Zero N.
  assert (Ps : 0 < power t p) by (apply power_pos; lra). set (s := power t p) in *.
  set (D := dot d w).
  assert (Bound : forall h, h * d i <= D / s * power h p).
  { intro h; set (x := power h p / s); set (c := / (1 + x)).
    assert (Px : 0 <= x) by (apply Rmult_le_pos; [apply power_nonneg | apply Rlt_le, Rinv_0_lt_compat; lra]).
    assert (Pc : 0 < c <= 1).
    { unfold c; split; [apply Rinv_0_lt_compat; lra |]. rewrite <- Rinv_1; apply Rinv_le_contravar; lra. }
    assert (B : power_ball p t (fun j => c * step w i h j)).
    { unfold power_ball; fold s.
      rewrite (sum_ext _ _ (fun j => Rpower c p * power (step w i h j) p)) by (intro; apply power_mult; lra).
      rewrite sum_scal.
      assert (S := sum_one n (fun j => power (step w i h j) p) (fun j => power (w j) p) i); cbv beta in S.
      rewrite step_same, Zero, Rplus_0_l, power_0 in S.
      assert (E := S ltac:(intros j Hj; now rewrite step_other)); unfold power_ball in Hw; fold s in Hw.
      assert (T : sum (fun j => power (step w i h j) p) <= s * (1 + x)).
      { replace (s * (1 + x)) with (s + power h p) by (unfold x; field; lra). lra. }
      assert (P0 : 0 <= sum (fun j => power (step w i h j) p)) by (apply sum_nonneg; intro; apply power_nonneg).
      apply Rle_trans with (c * (s * (1 + x))); [| right; unfold c; field; lra].
      apply Rmult_le_compat; auto; [apply Rlt_le, exp_pos |]. apply Rpower_small; lra. }
    assert (K := N _ B).
    assert (E : dot d (minus (fun j => c * step w i h j) w) = c * (D + d i * h) - D).
    { unfold D, dot; rewrite <- linear_step, <- sum_scal.
      rewrite <- (Rmult_1_l (sum (fun j => d j * w j))), <- (Ropp_involutive 1), <- Ropp_mult_distr_l.
      unfold Rminus; rewrite Ropp_involutive, <- sum_scal, <- sum_plus; apply sum_ext; intro; unfold minus; ring. }
    rewrite E in K.
    assert (K2 : (1 + x) * (c * (D + d i * h) - D) <= 0) by nra.
    assert (E2 : (1 + x) * (c * (D + d i * h) - D) = h * d i - x * D) by (unfold c; field; lra).
    replace (D / s * power h p) with (x * D) by (unfold x; field; lra). lra. }
  assert (Z : - d i + 0 = 0); [| lra].
  apply (fermat (fun h => - d i * h + D / s * power h p)).
  - apply (derivable_pt_lim_plus (fun h => - d i * h) (fun h => D / s * power h p)).
    + apply polynomial_slope with 0 0; intro; ring.
    + now apply power_slope.
  - exists 1; split; [lra |]; intros h _; apply le_fin; rewrite power_0; generalize (Bound h); lra.
Qed.

(** Part 2: at the point c e_i with |c| = t the normal cone is a ray. *)
Theorem prop_ball_2 :
  forall n (p t c : R) (i : Fin.t n) (d : vec n), 1 < p -> 0 < t -> Rabs c = t ->
  (normal_cone (power_ball p t) (fun j => if Fin.eq_dec j i then c else 0) d <->
   (forall j, j <> i -> d j = 0) /\ 0 <= c * d i).
Proof.
  intros n p t c i d Hp Ht Hc.
  set (w := fun j => if Fin.eq_dec j i then c else 0).
  assert (Dw : dot d w = c * d i).
  { unfold dot, w; rewrite (sum_ext _ _ (fun k => if Fin.eq_dec k i then c * d k else 0))
      by (intro k; destruct (Fin.eq_dec k i); ring). now rewrite (sum_pick _ (fun k => c * d k)). }
  assert (Diff : forall u, dot d (minus u w) = dot d u - c * d i).
  { intro u; assert (dot d (minus u w) = dot d u + -1 * dot d w); [| lra].
    unfold dot at 1; rewrite (sum_ext _ _ (fun j => d j * u j + -1 * (d j * w j)))
      by (intro; unfold minus; ring). rewrite sum_plus, sum_scal; reflexivity. }
  split.
  - intro N; split.
    + intros j Hj; apply (prop_ball_1 n p t j w d Hp Ht); auto.
      * unfold power_ball, w; rewrite (sum_ext _ _ (fun k => if Fin.eq_dec k i then power c p else 0))
          by (intro k; destruct (Fin.eq_dec k i); [reflexivity | apply power_0]).
        rewrite (sum_pick _ (fun _ => power c p)), <- (power_abs c), Hc; lra.
      * unfold w; destruct (Fin.eq_dec j i); [contradiction | reflexivity].
    + assert (K := N (fun _ => 0)); rewrite Diff in K.
      assert (Z : dot d (fun _ => 0) = 0).
      { unfold dot; rewrite (sum_ext _ _ (fun _ => 0)) by (intro; ring); apply sum_zero. }
      assert (B : power_ball p t (fun _ : Fin.t n => 0)); [| specialize (K B); lra].
      unfold power_ball; rewrite (sum_ext _ _ (fun _ => 0)) by (intro; apply power_0).
      rewrite sum_zero; apply power_nonneg.
  - intros [Off Pos] u Hu; rewrite Diff.
    assert (Du : dot d u = d i * u i).
    { unfold dot; rewrite <- (sum_pick _ (fun k => d k * u k) i); apply sum_ext; intro k.
      destruct (Fin.eq_dec k i) as [| Nk]; [reflexivity | rewrite (Off k Nk); ring]. }
    assert (A : Rabs (u i) <= t).
    { apply (power_le _ _ p); [lra | lra |]; unfold power_ball in Hu.
      assert (K := term_le_sum n (fun j => power (u j) p) (fun j => power_nonneg _ _) i); cbv beta in K; lra. }
    rewrite Du; assert (B := abs_between (u i)).
    unfold Rabs in Hc; destruct (Rcase_abs c); subst t.
    + assert (d i <= 0) by nra. nra.
    + destruct (Req_dec c 0); [lra |]; assert (0 <= d i) by nra. nra.
Qed.

(** * The plane *)

Local Notation first := Fin.F1.
Local Notation second := (Fin.FS Fin.F1).

Lemma two : forall (P : Fin.t 2 -> Prop), P first -> P second -> forall j, P j.
Proof.
  intros P H1 H2 j; pattern j; apply Fin.caseS'; [exact H1 |]; intro k; now rewrite (one_coordinate k).
Qed.

Lemma vec_two : forall u v : vec 2, u first = v first -> u second = v second -> u = v.
Proof. intros u v H1 H2; apply functional_extensionality; now apply two. Qed.

Definition point (a b : R) : vec 2 := fun j => if Fin.eq_dec j first then a else b.

Lemma no_pull : forall (G : matrix 2 2) (v : vec 2),
  (forall d : vec 2, (exists i, d i <> 0) -> 0 < quadratic_form G d) ->
  (forall i, times G v i = 0) -> forall i, v i = 0.
Proof.
  intros G v PD Z i; apply NNPP; intro N; assert (P := PD v (ex_intro _ i N)); unfold quadratic_form in P.
  rewrite (sum_ext _ _ (fun _ => 0)), sum_zero in P; [lra |]; intro k.
  assert (Zk := Z k); unfold times, dot in Zk; rewrite Zk; ring.
Qed.

(** A point (a, 0) of a set that has the segment of all (b, 0) with |b| <= t: a normal without second component is zero
    unless |a| = t, and points outwards. *)
Lemma inner_normal : forall (C : vec 2 -> Prop) t a d, 0 < t -> Rabs a <= t ->
  (forall b, Rabs b <= t -> C (point b 0)) ->
  normal_cone C (point a 0) d -> d first = 0 \/ (Rabs a = t /\ 0 <= a * d first).
Proof.
  intros C t a d Ht Ha Seg N.
  assert (K1 := N _ (Seg t ltac:(rewrite Rabs_right; lra))).
  assert (K2 := N _ (Seg (- t) ltac:(rewrite Rabs_Ropp, Rabs_right; lra))).
  unfold dot, minus, point in K1, K2; simpl in K1, K2.
  assert (B := abs_between a).
  destruct (Req_dec (d first) 0) as [| Nf]; [now left | right].
  unfold Rabs in *; destruct (Rcase_abs a); split; nra.
Qed.

(** Part 3: the targets that put w_2 at zero are a segment and two half-lines, a null set. *)
Theorem prop_ball_3 :
  forall (p t : R) (G : matrix 2 2), 1 < p -> 0 < t -> (forall i j, G i j = G j i) ->
  (forall d : vec 2, (exists i, d i <> 0) -> 0 < quadratic_form G d) ->
  let lands y := exists w, minimum_on (power_ball p t) (target_loss G y) w /\ w second = 0 in
  (forall y, lands y <-> (y second = 0 /\ Rabs (y first) <= t) \/
     (exists c, Rabs c = t /\ 0 <= c * times G (minus y (point c 0)) first /\
                times G (minus y (point c 0)) second = 0)) /\
  null lands.
Proof.
  intros p t G Hp Ht Sym PD lands.
  assert (Cv := power_ball_convex 2 p t ltac:(lra)).
  assert (Seg : forall b, Rabs b <= t -> power_ball p t (point b 0)).
  { intros b Hb; unfold power_ball, point; simpl; rewrite power_0, !Rplus_0_r; apply le_power; lra. }
  assert (Corner : forall c d, Rabs c = t ->
    (normal_cone (power_ball p t) (point c 0) d <-> d second = 0 /\ 0 <= c * d first)).
  { intros c d Hc; unfold point; rewrite (prop_ball_2 2 p t c first d Hp Ht Hc).
    split; intros [H1 H2]; split; auto; [apply H1; discriminate |].
    intro j; pattern j; apply two; [congruence | auto]. }
  assert (Iff : forall y, lands y <-> (y second = 0 /\ Rabs (y first) <= t) \/
     (exists c, Rabs c = t /\ 0 <= c * times G (minus y (point c 0)) first /\
                times G (minus y (point c 0)) second = 0)).
  { intro y; split.
    - intros (w & M & Zero).
      assert (Ew : w = point (w first) 0) by (now apply vec_two).
      assert (Cw := proj1 M).
      assert (Aw : Rabs (w first) <= t).
      { apply (power_le _ _ p); [lra | lra |]; unfold power_ball in Cw; simpl in Cw.
        assert (K := power_nonneg (w second) p); lra. }
      apply prop_targets_1 in M; auto.
      assert (D2 := prop_ball_1 2 p t second w _ Hp Ht Cw Zero M).
      assert (M' := M); rewrite Ew in M' at 1.
      destruct (inner_normal _ t _ _ Ht Aw Seg M') as [D1 | [Hc Pos]].
      + left; assert (Z := no_pull G (minus y w) PD ltac:(now apply two)); unfold minus in Z.
        assert (Z1 := Z first); assert (Z2 := Z second); split; [lra |]. now replace (y first) with (w first) by lra.
      + right; exists (w first); rewrite <- Ew; auto.
    - intros [[Z A] | (c & Hc & Pos & Z)].
      + exists y; split; [| exact Z].
        assert (Ey : y = point (y first) 0) by now apply vec_two.
        split; [rewrite Ey; now apply Seg |]; intros u _; unfold target_loss.
        assert (E0 : quadratic_form G (minus y y) = 0).
        { unfold quadratic_form; rewrite (sum_ext _ _ (fun _ => 0)), sum_zero; [reflexivity |].
          intro i; unfold minus; ring. }
        rewrite E0; destruct (classic (exists i, minus u y i <> 0)) as [N | N]; [generalize (PD _ N); lra |].
        replace u with y; [lra |]. apply functional_extensionality; intro i; apply NNPP; intro Ni; apply N.
        exists i; unfold minus; lra.
      + exists (point c 0); split; [| reflexivity].
        apply prop_targets_1; auto; [apply Seg; lra |]. now apply Corner. }
  split; [exact Iff |].
  assert (G22 : 0 < G second second).
  { assert (K := PD (point 0 1) ltac:(exists second; unfold point; simpl; lra)).
    unfold quadratic_form, point in K; simpl in K; lra. }
  assert (Row : forall c, null (fun y : vec 2 => dot (G second) y = c)).
  { intro c; apply (hyperplane_null 2 (G second) c second); lra. }
  assert (Axis : null (fun y : vec 2 => dot (point 0 1) y = 0)).
  { apply (hyperplane_null 2 (point 0 1) 0 second); unfold point; simpl; lra. }
  apply null_subset with (2 := null_union 2 _ _ Axis (null_union 2 _ _ (Row (G second first * t))
    (Row (G second first * - t)))).
  intros y L; apply Iff in L; destruct L as [[Z A] | (c & Hc & Pos & Z)].
  - left; unfold dot, point; simpl; rewrite Z; ring.
  - right; unfold times, dot, minus, point in Z; simpl in Z; unfold dot; simpl.
    unfold Rabs in Hc; destruct (Rcase_abs c); [right | left]; subst t; lra.
Qed.

(** Near miss: the power one.  At the corner (1, 0) of the diamond (1, 1) is a normal. *)
Lemma miss_prop_ball_one :
  ~ (forall n (p t : R) (i : Fin.t n) (w d : vec n), 1 <= p -> 0 < t -> power_ball p t w -> w i = 0 ->
     normal_cone (power_ball p t) w d -> d i = 0).
Proof.
  intro H.
  assert (P1 : forall u, power u 1 = Rabs u).
  { intro u; unfold power; destruct (Req_EM_T u 0) as [-> | N]; [now rewrite Rabs_R0 |].
    apply Rpower_1; now apply Rabs_pos_lt. }
  assert (Same : forall u : vec 2, power_ball 1 1 u <-> l1_ball 1 u).
  { intro u; unfold power_ball, l1_ball; rewrite P1, Rabs_R1, (sum_ext _ _ (fun j => Rabs (u j))) by (intro; apply P1);
      reflexivity. }
  assert (K : 1 = 0); [| lra].
  apply (H 2%nat 1 1 second (point 1 0) (fun _ => 1)); try lra; [| reflexivity |].
  - apply Same; unfold l1_ball, point; simpl; rewrite Rabs_R1, Rabs_R0; lra.
  - intros u Hu; apply Same in Hu; revert u Hu; apply (prop_cone_2 2 1 first); [lra |]; intro; rewrite Rabs_R1; lra.
Qed.

(** * Two standardized columns *)

(** The products of two standardized columns with correlation r. *)
Definition standardized (r : R) : matrix 2 2 := fun i j => if Fin.eq_dec i j then 1 else r.

(** "Correlation moves no target", part 1. *)
(* Scope: part 1; the probabilities of part 2 are not in it. *)
Theorem prop_share_1 :
  forall (r t : R) (y : vec 2), -1 < r < 1 -> 0 < t ->
  ((exists w, minimum_on (l1_ball t) (target_loss (standardized r) y) w /\ w second = 0) <->
   Rabs (y second) <= Rabs (y first) - t \/ (y second = 0 /\ Rabs (y first) <= t)).
Proof.
  intros r t y Hr Ht.
  assert (Sym : forall i j, standardized r i j = standardized r j i).
  { intros i j; unfold standardized; destruct (Fin.eq_dec i j), (Fin.eq_dec j i); congruence. }
  assert (PD : forall d : vec 2, (exists i, d i <> 0) -> 0 < quadratic_form (standardized r) d).
  { intros d N; unfold quadratic_form, standardized; simpl; set (a := d first); set (b := d second).
    assert (Q : 0 < a ^ 2 \/ 0 < b ^ 2).
    { destruct (Req_dec a 0) as [Za |]; [right | left; now apply square_pos].
      apply square_pos; intro Zb; destruct N as [i N]; apply N; pattern i; now apply two. }
    assert (0 <= (1 + r) * (a + b) ^ 2) by (apply Rmult_le_pos; [lra | apply pow2_ge_0]).
    assert (0 <= (1 - r) * (a - b) ^ 2) by (apply Rmult_le_pos; [lra | apply pow2_ge_0]).
    assert (P : 0 < (1 + r) * (a + b) ^ 2 + (1 - r) * (a - b) ^ 2); [| lra].
    destruct (Req_dec (a + b) 0) as [E | N1].
    - assert (N2 : a - b <> 0) by (intro E'; replace a with 0 in Q by lra; replace b with 0 in Q by lra; lra).
      assert (0 < (1 - r) * (a - b) ^ 2) by (apply Rmult_lt_0_compat; [lra | now apply square_pos]). lra.
    - assert (0 < (1 + r) * (a + b) ^ 2) by (apply Rmult_lt_0_compat; [lra | now apply square_pos]). lra. }
  assert (Cv := l1_ball_convex 2 t).
  assert (Cone : forall a d, normal_cone (l1_ball t) (point a 0) d <->
    t * Rabs (d first) <= a * d first /\ t * Rabs (d second) <= a * d first).
  { intros a d; destruct (cone_corners 2 t (point a 0) d (Rlt_le _ _ Ht)) as [Iff |]; [| discriminate].
    rewrite Iff; unfold dot, point; simpl.
    replace (d first * a + (d second * 0 + 0)) with (a * d first) by ring.
    split; [intro H; split; apply H | intros [H1 H2]; now apply two]. }
  assert (In : forall a, Rabs a <= t -> l1_ball t (point a 0)).
  { intros a Ha; unfold l1_ball, point; simpl; rewrite Rabs_R0; lra. }
  assert (Pull : forall a, times (standardized r) (minus y (point a 0)) first = (y first - a) + r * y second /\
    times (standardized r) (minus y (point a 0)) second = r * (y first - a) + y second).
  { intro a; unfold times, dot, minus, standardized, point; simpl; split; ring. }
  split.
  - intros (w & M & Zero).
    assert (Ew : w = point (w first) 0) by now apply vec_two.
    assert (Aw : Rabs (w first) <= t).
    { assert (K := proj1 M); unfold l1_ball in K; simpl in K; generalize (Rabs_pos (w second)); lra. }
    rewrite Ew in M; set (a := w first) in *.
    apply prop_targets_1 in M; auto; apply Cone in M; destruct (Pull a) as [E1 E2]; rewrite E1, E2 in M.
    destruct M as [M1 M2]; set (u := y first - a) in *; set (v := y second) in *.
    destruct (Req_dec (u + r * v) 0) as [Z | N].
    + right; rewrite Z, Rmult_0_r in M2.
      assert (Z2 : r * u + v = 0).
      { apply NNPP; intro Nz; assert (0 < Rabs (r * u + v)) by now apply Rabs_pos_lt. nra. }
      assert (Zv : v * (1 - r ^ 2) = 0) by nra.
      apply Rmult_integral in Zv; destruct Zv as [Zv | Zv]; [| nra].
      split; [exact Zv |]; replace (y first) with a; [exact Aw | unfold u in Z; rewrite Zv in Z; lra].
    + left; assert (Pd : 0 < Rabs (u + r * v)) by now apply Rabs_pos_lt.
      assert (Ea : Rabs a = t).
      { apply Rle_antisym; [exact Aw |]; apply Rnot_lt_le; intro L.
        assert (K := Rle_abs (a * (u + r * v))); rewrite Rabs_mult in K. nra. }
      assert (Ey : y first = a + u) by (unfold u; ring).
      assert (B := abs_between (r * u + v)).
      unfold Rabs in Ea; destruct (Rcase_abs a).
      * assert (Pu : u + r * v < 0) by (apply Rnot_le_lt; intro P; nra).
        assert (G2 : Rabs (r * u + v) <= - (u + r * v)) by (apply Rmult_le_reg_l with t; [lra | subst t; lra]).
        apply abs_le_between in G2.
        assert (u + v <= 0) by nra. assert (u - v <= 0) by nra.
        rewrite Ey, (Rabs_left1 (a + u)) by lra; apply Rabs_le; lra.
      * assert (Pu : 0 < u + r * v) by (apply Rnot_le_lt; intro P; nra).
        assert (G2 : Rabs (r * u + v) <= u + r * v) by (apply Rmult_le_reg_l with t; [lra | subst t; lra]).
        apply abs_le_between in G2.
        assert (0 <= u + v) by nra. assert (0 <= u - v) by nra.
        rewrite Ey, (Rabs_right (a + u)) by lra; apply Rabs_le; lra.
  - intros [H | [Z A]].
    + set (a := if Rle_dec 0 (y first) then t else - t).
      exists (point a 0); split; [| reflexivity].
      assert (Ha : Rabs a = t).
      { unfold a; destruct (Rle_dec 0 (y first)); [| rewrite Rabs_Ropp]; rewrite Rabs_right; lra. }
      apply prop_targets_1; auto; [apply In; lra |]; apply Cone; destruct (Pull a) as [-> ->].
      assert (B := Rabs_pos (y second)); assert (C := abs_between (y second)); unfold a.
      destruct (Rle_dec 0 (y first)) as [P | P].
      * rewrite (Rabs_right (y first)) in H by lra; rewrite (Rabs_right (y first - t + r * y second)) by nra.
        split; [lra |]; apply Rmult_le_compat_l; [lra |]; apply Rabs_le; nra.
      * rewrite (Rabs_left (y first)) in H by lra; rewrite (Rabs_left1 (y first - - t + r * y second)) by nra.
        split; [lra |].
        replace (- t * (y first - - t + r * y second)) with (t * - (y first - - t + r * y second)) by ring.
        apply Rmult_le_compat_l; [lra |]; apply Rabs_le; nra.
    + exists (point (y first) 0); split; [| reflexivity].
      apply prop_targets_1; auto; apply Cone; destruct (Pull (y first)) as [-> ->]; rewrite Z.
      replace (y first - y first + r * 0) with 0 by ring; replace (r * (y first - y first) + 0) with 0 by ring.
      rewrite Rabs_R0; lra.
Qed.

(** Near miss: a cone with its tip at the origin.  For t = 1 the target (1, 1) lands on no point of the axis. *)
Lemma miss_prop_share_tip :
  ~ (forall (r t : R) (y : vec 2), -1 < r < 1 -> 0 < t ->
     ((exists w, minimum_on (l1_ball t) (target_loss (standardized r) y) w /\ w second = 0) <->
      Rabs (y second) <= Rabs (y first) \/ (y second = 0 /\ Rabs (y first) <= t))).
Proof.
  intro H; assert (K := proj2 (H 0 1 (fun _ => 1) ltac:(lra) ltac:(lra)) ltac:(left; lra)).
  apply prop_share_1 in K; [rewrite Rabs_R1 in K | |]; lra.
Qed.
