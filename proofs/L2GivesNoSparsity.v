(** Chapter "L2 gives no sparsity". *)
Require Import Basics.

(** "Smooth penalties demand an equality."  [step w i h] is w + h e_i; so the function of h is the objective along
    coordinate i, and h = 0 is the point w. *)
Theorem thm_equality :
  forall n (L : vec n -> R) (rho : R -> R) (i : Fin.t n) (w : vec n) (g r : R),
  partial L i w g -> derivative rho 0 r -> w i = 0 ->
  local_min (fun h => L (step w i h) + sum (fun j => rho (step w i h j))) 0 ->
  g + r = 0.
Proof.
  intros n L rho i w g r HL Hrho E (d & Hd & H).
  apply (fermat (fun h => L (step w i h) + rho h)).
  - now apply derivable_pt_lim_plus.
  - exists d; split; auto; intros y Hy; specialize (H y Hy); cbv beta in *.
    apply le_fin; apply le_fin in H. rewrite !one_penalty in H by assumption; lra.
Qed.

(** Near miss: a slope from the right only is not enough.  |w| has the slope 1 from the right. *)
Lemma miss_thm_equality_one_side :
  ~ (forall n (L : vec n -> R) (rho : R -> R) (i : Fin.t n) (w : vec n) (g r : R),
     partial L i w g -> slope_right rho 0 r -> w i = 0 ->
     local_min (fun h => L (step w i h) + sum (fun j => rho (step w i h j))) 0 ->
     g + r = 0).
Proof.
  intro H.
  assert (K : 0 + 1 = 0); [| lra].
  apply (H 1%nat (fun _ => 0) Rabs Fin.F1 (fun _ => 0) 0 1).
  - apply derivable_pt_lim_const.
  - destruct (slopes_abs 1) as [_ (r & E & K)]; exists (Rabs 0); split; [reflexivity |]; intro a.
    injection E as E; rewrite Rmult_1_l in E; subst r.
    destruct (K a) as [K1 K2]; split; intro Ha; [destruct (K1 Ha) as (d & P & Q) | destruct (K2 Ha) as (d & P & Q)];
      exists d; split; auto; intros h Hh; specialize (Q h Hh); simpl in *; rewrite !Rmult_1_l in Q; exact Q.
  - reflexivity.
  - exists 1; split; [lra |]; intros y _; apply le_fin; simpl; rewrite !Rplus_0_l, step_same, Rplus_0_l, !Rplus_0_r.
    unfold step; destruct (Fin.eq_dec Fin.F1 Fin.F1); [| congruence]. rewrite Rplus_0_l, Rabs_R0; apply Rabs_pos.
Qed.

(** The power |w|^p for a real exponent p. *)
Definition power (w p : R) : R := if Req_EM_T w 0 then 0 else Rpower (Rabs w) p.

Lemma power_slope : forall beta p, 1 < p -> derivative (fun w => beta * power w p) 0 0.
Proof.
  intros beta p Hp eps He.
  set (e := eps / (Rabs beta + 1)).
  assert (Hb := Rabs_pos beta).
  assert (Hpos : 0 < e) by (apply Rdiv_lt_0_compat; lra).
  assert (Hd : 0 < Rpower e (/ (p - 1))) by apply exp_pos.
  exists (mkposreal _ Hd); simpl; intros h Hh Hhd.
  assert (Ah : 0 < Rabs h) by now apply Rabs_pos_lt.
  rewrite Rplus_0_l, Rminus_0_r; unfold power.
  destruct (Req_EM_T 0 0) as [_ |]; [| lra]; destruct (Req_EM_T h 0); [lra |].
  rewrite Rmult_0_r, Rminus_0_r; unfold Rdiv; rewrite !Rabs_mult, Rabs_inv.
  rewrite (Rabs_right (Rpower _ _)) by (left; apply exp_pos).
  replace p with ((p - 1) + 1) at 1 by ring.
  rewrite Rpower_plus, Rpower_1 by assumption.
  replace (Rabs beta * (Rpower (Rabs h) (p - 1) * Rabs h) * / Rabs h)
    with (Rabs beta * Rpower (Rabs h) (p - 1)) by (field; lra).
  assert (K : Rpower (Rabs h) (p - 1) < e).
  { replace e with (Rpower (Rpower e (/ (p - 1))) (p - 1)).
    - apply Rlt_Rpower_l; lra.
    - rewrite Rpower_mult, Rinv_l, Rpower_1; lra. }
  assert (0 < Rpower (Rabs h) (p - 1)) by apply exp_pos.
  assert (Ee : e * (Rabs beta + 1) = eps) by (unfold e; field; lra).
  nra.
Qed.

(** "No power above one." *)
Theorem cor_powers :
  forall n (L : vec n -> R) (beta p : R) (i : Fin.t n) (w : vec n) (g : R),
  partial L i w g -> 1 < p -> w i = 0 ->
  local_min (fun h => L (step w i h) + sum (fun j => beta * power (step w i h j) p)) 0 ->
  g = 0.
Proof.
  intros n L beta p i w g HL Hp E H.
  rewrite <- (Rplus_0_r g).
  now apply (thm_equality n L (fun u => beta * power u p) i w g 0 HL (power_slope beta p Hp)).
Qed.

(** Near miss: the power one.  With L(w) = w/2 and beta = 1 the minimum is at 0, and the slope of L is 1/2. *)
Lemma miss_cor_powers_one :
  ~ (forall n (L : vec n -> R) (beta p : R) (i : Fin.t n) (w : vec n) (g : R),
     partial L i w g -> 1 <= p -> w i = 0 ->
     local_min (fun h => L (step w i h) + sum (fun j => beta * power (step w i h j) p)) 0 ->
     g = 0).
Proof.
  intro H.
  assert (P : forall u, power u 1 = Rabs u).
  { intro u; unfold power; destruct (Req_EM_T u 0) as [-> | N]; [now rewrite Rabs_R0 |].
    apply Rpower_1; now apply Rabs_pos_lt. }
  assert (K : 1 / 2 = 0); [| lra].
  apply (H 1%nat (fun w => 1 / 2 * w Fin.F1) 1 1 Fin.F1 (fun _ => 0) (1 / 2)); [| lra | reflexivity |].
  - apply polynomial_slope with 0 0; intro h; rewrite step_same; ring.
  - exists 1; split; [lra |]; intros y _; apply le_fin; simpl; rewrite !P, !step_same.
    generalize (abs_between y); rewrite !Rplus_0_l, Rabs_R0; lra.
Qed.

(** "A ridge coefficient can cross zero." w(beta) solves (G + 2 beta I) w = c with the correlation r off the diagonal
    of G. The sign of r and of c1 play no part. *)
Theorem prop_crossing :
  forall (r c1 c2 : R) (w1 w2 : R -> R), Rabs r < 1 -> 0 < c2 ->
  (forall beta, 0 <= beta -> (1 + 2 * beta) * w1 beta + r * w2 beta = c1 /\
                             r * w1 beta + (1 + 2 * beta) * w2 beta = c2) ->
  let beta' := (r * c1 / c2 - 1) / 2 in
  (c2 < r * c1 -> 0 < beta' /\ forall beta, 0 <= beta ->
     (beta < beta' -> w2 beta < 0) /\ (beta = beta' -> w2 beta = 0) /\ (beta > beta' -> w2 beta > 0)) /\
  (c2 >= r * c1 -> forall beta, 0 < beta -> w2 beta > 0).
Proof.
  intros r c1 c2 w1 w2 Hr H2 W beta'.
  apply Rabs_def2 in Hr.
  assert (N : forall beta, 0 <= beta ->
    ((1 + 2 * beta) ^ 2 - r ^ 2) * w2 beta = (1 + 2 * beta) * c2 - r * c1).
  { intros beta Hb; destruct (W beta Hb) as [<- <-]; ring. }
  assert (D : forall beta, 0 <= beta -> 0 < (1 + 2 * beta) ^ 2 - r ^ 2) by (intros; nra).
  assert (Z : (1 + 2 * beta') * c2 = r * c1) by (unfold beta'; field; lra).
  split.
  - intro H; assert (Hs : 0 < beta') by nra.
    split; [exact Hs |]; intros beta Hb.
    specialize (N beta Hb); specialize (D beta Hb); rewrite <- Z in N.
    set (k := (1 + 2 * beta) ^ 2 - r ^ 2) in *.
    assert (M : k * w2 beta = 2 * c2 * (beta - beta')) by lra.
    repeat split; intro C.
    + apply Rmult_lt_reg_l with k; nra.
    + apply Rmult_eq_reg_l with k; [rewrite M, C; ring | lra].
    + apply Rmult_lt_reg_l with k; nra.
  - intros H beta Hb; specialize (N beta ltac:(lra)); specialize (D beta ltac:(lra)).
    set (k := (1 + 2 * beta) ^ 2 - r ^ 2) in *.
    apply Rmult_lt_reg_l with k; nra.
Qed.

(** Near miss: part 2 with beta = 0 as well.  At c2 = r c1 the unpenalized coefficient is zero. *)
Lemma miss_prop_crossing_from_zero :
  ~ (forall (r c1 c2 : R) (w1 w2 : R -> R), Rabs r < 1 -> 0 < c2 ->
     (forall beta, 0 <= beta -> (1 + 2 * beta) * w1 beta + r * w2 beta = c1 /\
                                r * w1 beta + (1 + 2 * beta) * w2 beta = c2) ->
     c2 >= r * c1 -> forall beta, 0 <= beta -> w2 beta > 0).
Proof.
  intro H.
  set (D b := (1 + 2 * b) ^ 2 - 1 / 4).
  assert (K := H (1 / 2) 2 1 (fun b => ((1 + 2 * b) * 2 - 1 / 2) / D b) (fun b => ((1 + 2 * b) - 1) / D b)).
  assert (Z : ((1 + 2 * 0) - 1) / D 0 > 0); [| unfold D in Z; lra].
  apply K; try lra.
  - rewrite Rabs_right; lra.
  - intros b Hb; assert (D b <> 0) by (unfold D; nra).
    split; apply Rmult_eq_reg_r with (D b); auto; unfold Rdiv.
    + replace (((1 + 2 * b) * (((1 + 2 * b) * 2 - 1 * / 2) * / D b) + 1 * / 2 * ((1 + 2 * b - 1) * / D b)) * D b)
        with ((1 + 2 * b) * ((1 + 2 * b) * 2 - 1 * / 2) + 1 * / 2 * (1 + 2 * b - 1)) by (field; auto).
      unfold D; field.
    + replace ((1 * / 2 * (((1 + 2 * b) * 2 - 1 * / 2) * / D b) + (1 + 2 * b) * ((1 + 2 * b - 1) * / D b)) * D b)
        with (1 * / 2 * ((1 + 2 * b) * 2 - 1 * / 2) + (1 + 2 * b) * (1 + 2 * b - 1)) by (field; auto).
      unfold D; field.
Qed.
