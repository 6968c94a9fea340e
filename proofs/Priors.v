(** Chapter "Priors".  The integrals of the proposition "Ridge is Gaussian, L1 is Laplace" stand in
    [PriorIntegrals.v], which needs the library Coquelicot. *)
Require Import Basics TheL1Singularity.

(** The Gaussian density with standard deviation s, and the Laplace density with scale b. *)
Definition gauss (s w : R) : R := exp (- w ^ 2 / (2 * s ^ 2)) / (s * sqrt (2 * PI)).
Definition laplace (b w : R) : R := exp (- Rabs w / b) / (2 * b).
Definition unique_max (F : R -> R) (x : R) : Prop := forall y, y <> x -> F y < F x.

Lemma sqrt_2PI : 0 < sqrt (2 * PI).
Proof. apply sqrt_lt_R0; generalize PI_RGT_0; lra. Qed.

(** "A narrow Gaussian is the higher one."  The Laplace density has variance 2 b^2 = 1. *)
Theorem prop_peaks :
  forall s b : R, 0 < s -> 0 < b -> 2 * b ^ 2 = 1 ->
  (gauss s 0 > laplace b 0 <-> s < 1 / sqrt PI).
Proof.
  intros s b Hs Hb Hv; unfold gauss, laplace.
  assert (P := PI_RGT_0).
  rewrite Rabs_R0; replace (- 0 ^ 2 / (2 * s ^ 2)) with 0 by (field; lra).
  replace (- 0 / b) with 0 by (field; lra); rewrite exp_0.
  assert (SP : 0 < sqrt PI) by now apply sqrt_lt_R0.
  assert (E : sqrt (2 * PI) = sqrt PI / b).
  { rewrite <- (sqrt_pow2 b) at 1 by lra. rewrite <- sqrt_div_alt by nra.
    f_equal; apply Rmult_eq_reg_r with (b ^ 2); [| nra].
    replace (PI / b ^ 2 * b ^ 2) with PI by (field; nra). nra. }
  rewrite E.
  replace (1 / (s * (sqrt PI / b))) with (b / (s * sqrt PI)) by (field; lra).
  assert (K : b / (s * sqrt PI) - 1 / (2 * b) = b / (s * sqrt PI) * (1 - s * sqrt PI)).
  { replace (1 / (2 * b)) with (b * (1 / (2 * b ^ 2))) by (field; lra).
    rewrite Hv; field; split; lra. }
  assert (Q : 0 < b / (s * sqrt PI)) by (apply Rdiv_lt_0_compat; [| apply Rmult_lt_0_compat]; lra).
  set (q := b / (s * sqrt PI)) in *.
  split; intro H.
  - apply Rmult_lt_reg_r with (sqrt PI); [lra |].
    replace (1 / sqrt PI * sqrt PI) with 1 by (field; lra). nra.
  - apply Rmult_lt_compat_r with (r := sqrt PI) in H; [| lra].
    replace (1 / sqrt PI * sqrt PI) with 1 in H by (field; lra). nra.
Qed.

(** Near miss: at s = 1/sqrt(pi) itself it is not higher. *)
Lemma miss_prop_peaks_equal :
  ~ (forall s b : R, 0 < s -> 0 < b -> 2 * b ^ 2 = 1 -> (gauss s 0 > laplace b 0 <-> s <= 1 / sqrt PI)).
Proof.
  intro H.
  assert (P : 0 < sqrt PI) by apply sqrt_lt_R0, PI_RGT_0.
  assert (Q : 0 < sqrt (1 / 2)) by (apply sqrt_lt_R0; lra).
  assert (V : 2 * sqrt (1 / 2) ^ 2 = 1) by (rewrite pow2_sqrt; lra).
  assert (Hs : 0 < 1 / sqrt PI) by (apply Rdiv_lt_0_compat; lra).
  assert (K := proj2 (H _ _ Hs Q V) (Rle_refl _)); apply (prop_peaks _ _ Hs Q V) in K; lra.
Qed.

(** The MAP estimate from one observation y = w + noise maximizes the density of the noise y - w times the density of
    the prior. *)
Definition map_estimate (tau y : R) (prior : R -> R) (w : R) : Prop :=
  unique_max (fun w => gauss tau (y - w) * prior w) w.

(** "Width does not give zeros", part 1: the Gaussian prior. *)
Theorem prop_width_1 :
  forall y tau s : R, 0 < tau -> 0 < s ->
  let w := s ^ 2 * y / (s ^ 2 + tau ^ 2) in
  map_estimate tau y (gauss s) w /\ (w = 0 <-> y = 0).
Proof.
  intros y tau s Ht Hs w.
  assert (D : 0 < s ^ 2 + tau ^ 2) by nra.
  split.
  - intros u Hu; unfold gauss.
    assert (S := sqrt_2PI).
    assert (C : 0 < / (tau * sqrt (2 * PI)) * / (s * sqrt (2 * PI))).
    { apply Rmult_lt_0_compat; apply Rinv_0_lt_compat, Rmult_lt_0_compat; lra. }
    set (N := / (tau * sqrt (2 * PI)) * / (s * sqrt (2 * PI))) in C.
    assert (G : forall v, exp (- (y - v) ^ 2 / (2 * tau ^ 2)) / (tau * sqrt (2 * PI)) *
      (exp (- v ^ 2 / (2 * s ^ 2)) / (s * sqrt (2 * PI))) =
      exp (- (y - v) ^ 2 / (2 * tau ^ 2) + - v ^ 2 / (2 * s ^ 2)) * N).
    { intro v; rewrite exp_plus; unfold N, Rdiv; ring. }
    rewrite !G; apply Rmult_lt_compat_r; [exact C |]; apply exp_increasing.
    assert (E : (- (y - w) ^ 2 / (2 * tau ^ 2) + - w ^ 2 / (2 * s ^ 2)) -
                (- (y - u) ^ 2 / (2 * tau ^ 2) + - u ^ 2 / (2 * s ^ 2)) =
                (u - w) ^ 2 * ((s ^ 2 + tau ^ 2) / (2 * s ^ 2 * tau ^ 2))).
    { unfold w; field; repeat split; intro; nra. }
    assert (0 < (u - w) ^ 2) by (assert (u - w <> 0) by lra; rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt).
    assert (0 < (s ^ 2 + tau ^ 2) / (2 * s ^ 2 * tau ^ 2)).
    { apply Rdiv_lt_0_compat; [lra |]; repeat apply Rmult_lt_0_compat; nra. }
    assert (0 < (u - w) ^ 2 * ((s ^ 2 + tau ^ 2) / (2 * s ^ 2 * tau ^ 2))) by now apply Rmult_lt_0_compat.
    lra.
  - unfold w; split; intro H.
    + apply Rmult_eq_compat_r with (r := s ^ 2 + tau ^ 2) in H.
      replace (s ^ 2 * y / (s ^ 2 + tau ^ 2) * (s ^ 2 + tau ^ 2)) with (s ^ 2 * y) in H by (field; lra).
      assert (0 < s ^ 2) by nra; apply Rmult_eq_reg_l with (s ^ 2); lra.
    + subst y; field; lra.
Qed.

(** Part 2: the Laplace prior. *)
Theorem prop_width_2 :
  forall y tau b : R, 0 < tau -> 0 < b ->
  let w := sign y * Rmax (Rabs y - tau ^ 2 / b) 0 in
  map_estimate tau y (laplace b) w /\ (w = 0 <-> Rabs y <= tau ^ 2 / b).
Proof.
  intros y tau b Ht Hb w.
  assert (T : 0 < tau ^ 2 / b) by (apply Rdiv_lt_0_compat; nra).
  assert (Sg : sign (- y) = - sign y).
  { unfold sign; destruct (Rlt_dec 0 y), (Rlt_dec y 0), (Rlt_dec 0 (- y)), (Rlt_dec (- y) 0); lra. }
  split.
  - intros u Hu; unfold gauss, laplace.
    assert (S := sqrt_2PI).
    assert (C : 0 < / (tau * sqrt (2 * PI)) * / (2 * b)).
    { apply Rmult_lt_0_compat; apply Rinv_0_lt_compat; [apply Rmult_lt_0_compat |]; lra. }
    set (N := / (tau * sqrt (2 * PI)) * / (2 * b)) in *.
    assert (G : forall v, exp (- (y - v) ^ 2 / (2 * tau ^ 2)) / (tau * sqrt (2 * PI)) *
      (exp (- Rabs v / b) / (2 * b)) =
      exp (- (y - v) ^ 2 / (2 * tau ^ 2) + - Rabs v / b) * N).
    { intro v; rewrite exp_plus; unfold N, Rdiv; ring. }
    rewrite !G; apply Rmult_lt_compat_r; [exact C |]; apply exp_increasing.
    assert (K := prop_soft (- y) (tau ^ 2 / b) ltac:(lra) u).
    cbv beta in K. rewrite Sg, Ropp_involutive, Rabs_Ropp in K; fold w in K; specialize (K Hu).
    assert (T2 : 0 < / tau ^ 2) by (apply Rinv_0_lt_compat; nra).
    apply Rmult_lt_compat_r with (r := / tau ^ 2) in K; [| exact T2].
    assert (E : forall v, - (y - v) ^ 2 / (2 * tau ^ 2) + - Rabs v / b =
      - ((- y * v + v ^ 2 / 2 + tau ^ 2 / b * Rabs v) * / tau ^ 2) - y ^ 2 / (2 * tau ^ 2)).
    { intro v; field; split; lra. }
    rewrite !E; lra.
  - unfold w; destruct (Rle_dec (Rabs y) (tau ^ 2 / b)) as [H | H].
    + rewrite Rmax_right by lra; split; intro; lra.
    + rewrite Rmax_left by lra; split; intro K; [| lra]; exfalso.
      unfold sign in K; destruct (Rlt_dec 0 y), (Rlt_dec y 0); try lra.
      replace y with 0 in H by lra; rewrite Rabs_R0 in H; lra.
Qed.

(** Near miss: "a Gaussian that is narrow enough gives zeros, as the Laplace prior does". *)
Lemma miss_prop_width_narrow :
  ~ (exists s : R, 0 < s /\ forall y, Rabs y <= 1 -> s ^ 2 * y / (s ^ 2 + 1 ^ 2) = 0).
Proof.
  intros (s & Hs & H); specialize (H 1 ltac:(rewrite Rabs_R1; lra)).
  assert (K := proj1 (proj2 (prop_width_1 1 1 s ltac:(lra) Hs)) H); lra.
Qed.

(** * Kinks correspond *)

Lemma log_slope : forall p pr, 0 < p 0 -> slope_right (fun w => p w) 0 (Real pr) ->
  slope_right (fun w => - ln (p w)) 0 (Real (- pr / p 0)).
Proof.
  intros p pr Hp (r0 & E & H); injection E as <-.
  exists (- ln (p 0)); split; [reflexivity |].
  (* q = (p h - p 0)/h is near pr, and (ln (p h) - ln (p 0))/h near q / p 0 *)
  assert (Near : forall eps, 0 < eps -> exists d, 0 < d /\ forall h, 0 < h < d ->
     Rabs ((- ln (p (0 + h)) - - ln (p 0)) / h - - pr / p 0) < eps).
  { intros eps He.
    set (e1 := Rmin 1 (eps * p 0 / 2)).
    assert (He1 : 0 < e1) by (apply Rmin_pos; [lra |]; apply Rdiv_lt_0_compat; [nra | lra]).
    assert (He1a : e1 <= 1) by apply Rmin_l. assert (He1b : e1 <= eps * p 0 / 2) by apply Rmin_r.
    destruct (proj1 (H (pr - e1))) as (d1 & P1 & K1); [simpl; lra |].
    destruct (proj2 (H (pr + e1))) as (d2 & P2 & K2); [simpl; lra |].
    set (M := Rabs pr + 1); assert (HM : 0 < M) by (unfold M; generalize (Rabs_pos pr); lra).
    destruct (derivable_pt_lim_ln (p 0) Hp (eps / (2 * M))) as [[d3 P3] K3]; [apply Rdiv_lt_0_compat; lra |].
    simpl in K3.
    exists (Rmin (Rmin d1 d2) (d3 / M)); split.
    { apply Rmin_pos; [now apply Rmin_pos | now apply Rdiv_lt_0_compat]. }
    intros h Hh.
    generalize (Rmin_l (Rmin d1 d2) (d3 / M)) (Rmin_r (Rmin d1 d2) (d3 / M)) (Rmin_l d1 d2) (Rmin_r d1 d2); intros.
    assert (Q1 := K1 h ltac:(lra)); assert (Q2 := K2 h ltac:(lra)); simpl in Q1, Q2.
    rewrite Rplus_0_l in *.
    set (q := (p h - p 0) / h) in *.
    assert (Eq : p h = p 0 + q * h) by (unfold q; field; lra).
    assert (Aq : Rabs q <= M).
    { unfold M; generalize (Rle_abs pr) (Rle_abs (- pr)); rewrite Rabs_Ropp; intros; apply Rabs_le; lra. }
    destruct (Req_dec q 0) as [Z | Z].
    - rewrite Eq, Z, Rmult_0_l, Rplus_0_r.
      replace ((- ln (p 0) - - ln (p 0)) / h - - pr / p 0) with (pr / p 0) by (field; lra).
      unfold Rdiv; rewrite Rabs_mult, (Rabs_right (/ p 0)) by (left; now apply Rinv_0_lt_compat).
      apply Rmult_lt_reg_r with (p 0); [lra |]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
      apply Rle_lt_trans with e1; [apply Rabs_le; lra | nra].
    - assert (Zh : q * h <> 0) by (apply Rmult_integral_contrapositive; lra).
      assert (Hq : Rabs (q * h) < d3).
      { rewrite Rabs_mult, (Rabs_right h) by lra.
        apply Rle_lt_trans with (M * h); [apply Rmult_le_compat_r; lra |].
        replace d3 with (M * (d3 / M)) by (field; lra); apply Rmult_lt_compat_l; lra. }
      specialize (K3 (q * h) Zh Hq); rewrite <- Eq in K3.
      set (k := (ln (p h) - ln (p 0)) / (q * h) - / p 0) in *.
      replace ((- ln (p h) - - ln (p 0)) / h - - pr / p 0) with (- (k * q) - (q - pr) / p 0)
        by (unfold k; field; repeat split; lra).
      apply Rle_lt_trans with (Rabs (- (k * q)) + Rabs (- ((q - pr) / p 0))); [apply Rabs_triang |].
      rewrite !Rabs_Ropp; unfold Rdiv; rewrite !Rabs_mult, (Rabs_right (/ p 0)) by (left; now apply Rinv_0_lt_compat).
      assert (A : Rabs k * Rabs q <= Rabs k * M) by (apply Rmult_le_compat_l; [apply Rabs_pos | lra]).
      assert (A' : Rabs k * M < eps / 2).
      { apply Rlt_le_trans with (eps / (2 * M) * M); [apply Rmult_lt_compat_r; lra | right; field; lra]. }
      assert (B : Rabs (q - pr) * / p 0 <= eps / 2).
      { apply Rmult_le_reg_r with (p 0); [lra |]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
        apply Rle_trans with e1; [apply Rabs_le; lra | lra]. }
      lra. }
  intro a; simpl; split; intro Ha.
  - destruct (Near (- pr / p 0 - a)) as (d & Pd & K); [lra |]; exists d; split; auto.
    intros h Hh; specialize (K h Hh); apply Rabs_def2 in K; lra.
  - destruct (Near (a - - pr / p 0)) as (d & Pd & K); [lra |]; exists d; split; auto.
    intros h Hh; specialize (K h Hh); apply Rabs_def2 in K; lra.
Qed.

Lemma log_slopes : forall (p : R -> R) (pl pr : R), 0 < p 0 ->
  slope_left p 0 pl -> slope_right p 0 pr ->
  slope_left (fun w => - ln (p w)) 0 (- pl / p 0) /\
  slope_right (fun w => - ln (p w)) 0 (- pr / p 0).
Proof.
  intros p pl pr Hp Hl Hr; split; [| now apply log_slope].
  apply slope_reflect; apply slope_reflect in Hl; rewrite Ropp_0 in *; simpl in *.
  assert (K := log_slope (fun u => p (- u)) (- pl)); cbv beta in K; rewrite Ropp_0 in K.
  specialize (K Hp Hl).
  replace (- (- pl / p 0)) with (- - pl / p 0) by (field; lra); exact K.
Qed.

(** "Kinks correspond."  That p is a density, and that it is continuous at zero, plays no part: finite slopes make it
    continuous there.  A prior that dips at zero (kink > 0) gives an empty zero interval, of width 0. *)
Theorem prop_kinks :
  forall (p : R -> R) (pl pr : R), 0 < p 0 -> slope_left p 0 pl -> slope_right p 0 pr ->
  let rho w := - ln (p w) in
  let l := - pl / p 0 in
  let r := - pr / p 0 in
  slope_left rho 0 l /\ slope_right rho 0 r /\
  ((exists g, derivative rho 0 g) <-> (exists g, derivative p 0 g)) /\
  has_width (zero_interval l r) (Rmax ((pr - pl) / - p 0) 0).
Proof.
  intros p pl pr Hp L R rho l r.
  destruct (log_slopes p pl pr Hp L R) as [L' R']; fold rho l in L'; fold rho r in R'.
  repeat split; auto.
  1, 2: rewrite (derivative_iff_slopes rho l r L' R'), (derivative_iff_slopes p pl pr L R); unfold l, r; intro E.
  - apply Rmult_eq_compat_r with (r := - p 0) in E.
    replace (- pl / p 0 * - p 0) with pl in E by (field; lra).
    replace (- pr / p 0 * - p 0) with pr in E by (field; lra). exact E.
  - now rewrite E.
  - apply zero_interval_width; simpl; f_equal; unfold l, r; field; lra.
Qed.

(** Near miss: "the width is the kink of the prior divided by -p(0)", also for a prior that dips. For p(w) = 1 + |w|
    near zero the kink is 2, and -2 is no width. *)
Lemma miss_prop_kinks_dip :
  ~ (forall (p : R -> R) (pl pr : R), 0 < p 0 -> slope_left p 0 pl -> slope_right p 0 pr ->
     has_width (zero_interval (- pl / p 0) (- pr / p 0)) ((pr - pl) / - p 0)).
Proof.
  intro H.
  assert (S : slope_left (fun w => 1 + 1 * Rabs w) 0 (-1) /\ slope_right (fun w => 1 + 1 * Rabs w) 0 1).
  { destruct (slopes_abs 1) as [(l & El & L) (r & Er & R)]; injection El as <-; injection Er as <-.
    split; exists (1 + 1 * Rabs 0); (split; [reflexivity |]); intro a.
    - destruct (L a) as [L1 L2]; split; intro Ha; [destruct (L1 Ha) as (d & P & Q) | destruct (L2 Ha) as (d & P & Q)];
        exists d; split; auto; intros h Hh; specialize (Q h Hh); simpl in *.
      all: match goal with |- context [(?x - ?y) / ?z] => replace (x - y) with (1 * Rabs (0 + - h) - 1 * Rabs 0) by
          ring end; exact Q.
    - destruct (R a) as [L1 L2]; split; intro Ha; [destruct (L1 Ha) as (d & P & Q) | destruct (L2 Ha) as (d & P & Q)];
        exists d; split; auto; intros h Hh; specialize (Q h Hh); simpl in *.
      all: match goal with |- context [(?x - ?y) / ?z] => replace (x - y) with (1 * Rabs (0 + h) - 1 * Rabs 0) by ring
          end; exact Q. }
  destruct S as [SL SR].
  assert (P0 : 0 < 1 + 1 * Rabs 0) by (rewrite Rabs_R0; lra).
  destruct (H _ _ _ P0 SL SR) as (a & b & _ & E).
  rewrite Rabs_R0 in E; generalize (Rmax_r (b - a) 0); replace ((1 - -1) / - (1 + 1 * 0)) with (-2) in E by field; lra.
Qed.
