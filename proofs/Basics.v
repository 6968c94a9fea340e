(** Lemmas on the extended line, on slopes and on sums, which several chapters use.  Nothing here is a statement of the
    book. *)
From Coq Require Export Lra Psatz Lia Classical FunctionalExtensionality.
Require Export Definitions.

(** * The extended line *)

(** * Lemmas *)

Lemma le_fin : forall a b : R, ext_le a b <-> a <= b.
Proof.
  intros a b; unfold ext_le; simpl; split.
  - intros [H | H]; [lra | injection H; lra].
  - intros [H | H]; [now left | right; now rewrite H].
Qed.

Lemma le_not_lt : forall x y : Ext, ext_le x y <-> ~ ext_lt y x.
Proof.
  intros [a| |] [b| |]; unfold ext_le; simpl; split; intros; try tauto;
  try (destruct H; [lra | injection H; lra]);
  try (destruct H; [tauto | discriminate]); try (left; exact I); try (now right).
  destruct (Rle_lt_or_eq_dec a b) as [K | K]; [lra | now left | right; now rewrite K].
Qed.

Lemma lt_opp : forall x y, ext_lt (ext_opp x) (ext_opp y) <-> ext_lt y x.
Proof. intros [a | |] [b | |]; simpl; split; intros; try easy; lra. Qed.

Lemma lt_opp_r : forall (a : R) y, ext_lt a (ext_opp y) <-> ext_lt y (- a).
Proof. intros a [b | |]; simpl; split; intros; try easy; lra. Qed.

Lemma lt_opp_l : forall (a : R) y, ext_lt (ext_opp y) a <-> ext_lt (- a) y.
Proof. intros a [b | |]; simpl; split; intros; try easy; lra. Qed.

Lemma lt_between : forall s s' : Ext, ext_lt s s' -> exists a : R, ext_lt s a /\ ext_lt a s'.
Proof.
  intros [x | |] [y | |] H; simpl in H; try easy.
  - exists ((x + y) / 2); simpl; lra.
  - exists (x + 1); simpl; split; [lra | exact I].
  - exists (y - 1); simpl; split; [exact I | lra].
  - exists 0; simpl; tauto.
Qed.

Lemma lt_total : forall s s' : Ext, ext_lt s s' \/ s = s' \/ ext_lt s' s.
Proof.
  intros [x | |] [y | |]; simpl; auto.
  destruct (Rtotal_order x y) as [H | [-> | H]]; auto.
Qed.

Lemma lt_trans_irrefl : forall x y : Ext, ext_lt x y -> ext_lt y x -> False.
Proof. intros [x | |] [y | |]; simpl; try easy; lra. Qed.

(** * Signs and absolute values *)

Lemma sign_pos : forall x, 0 < x -> sign x = 1.
Proof. intros x H; unfold sign; destruct (Rlt_dec 0 x); lra. Qed.

Lemma sign_neg : forall x, x < 0 -> sign x = -1.
Proof. intros x H; unfold sign; destruct (Rlt_dec 0 x), (Rlt_dec x 0); lra. Qed.

Lemma sign_0 : sign 0 = 0.
Proof. unfold sign; destruct (Rlt_dec 0 0); lra. Qed.

Lemma square_pos : forall x, x <> 0 -> 0 < x ^ 2.
Proof. intros x H; rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt. Qed.
Lemma abs_between : forall x, - Rabs x <= x <= Rabs x.
Proof. intro x; generalize (Rle_abs x) (Rle_abs (- x)); rewrite Rabs_Ropp; lra. Qed.
Lemma convex_abs : convex Rabs.
Proof.
  intros x y t Ht; apply Rle_trans with (1 := Rabs_triang _ _).
  rewrite !Rabs_mult, (Rabs_right t), (Rabs_right (1 - t)); lra.
Qed.
Lemma convex_scal : forall a rho, 0 <= a -> convex rho -> convex (fun u => a * rho u).
Proof. intros a rho Ha C x y t Ht; specialize (C x y t Ht); nra. Qed.

(** * Steps and sums *)

Lemma step_0 : forall n (w : vec n) i, step w i 0 = w.
Proof.
  intros; apply functional_extensionality; intro j; unfold step.
  destruct (Fin.eq_dec j i); lra.
Qed.

Lemma step_same : forall n (w : vec n) i h, step w i h i = w i + h.
Proof. intros; unfold step; destruct (Fin.eq_dec i i); congruence. Qed.

Lemma step_other : forall n (w : vec n) i j h, j <> i -> step w i h j = w j.
Proof. intros; unfold step; destruct (Fin.eq_dec j i); congruence. Qed.

(** * Mean values along a path of coordinates *)
Lemma step_step : forall n (v : vec n) i a b, step (step v i a) i b = step v i (a + b).
Proof.
  intros; apply functional_extensionality; intro j; unfold step; destruct (Fin.eq_dec j i); ring.
Qed.

Lemma partial_at : forall n (f : vec n -> R) i v x g,
  partial f i (step v i x) g -> derivable_pt_lim (fun h => f (step v i h)) x g.
Proof.
  intros n f i v x g H e He; destruct (H e He) as [d K]; exists d; intros h Hh Hd.
  specialize (K h Hh Hd); rewrite !step_step, Rplus_0_l, Rplus_0_r in K; exact K.
Qed.

Lemma sum_ext : forall n (f g : vec n), (forall j, f j = g j) -> sum f = sum g.
Proof. intros n f g H; f_equal; now apply functional_extensionality. Qed.

Lemma sum_plus : forall n (f g : vec n), sum (fun j => f j + g j) = sum f + sum g.
Proof. induction n; intros; simpl; [ring | rewrite (IHn (fun j => f (Fin.FS j))); ring]. Qed.

Lemma sum_scal : forall n a (f : vec n), sum (fun j => a * f j) = a * sum f.
Proof. induction n; intros; simpl; [ring | rewrite (IHn a (fun j => f (Fin.FS j))); ring]. Qed.

Lemma sum_zero : forall n, sum (fun _ : Fin.t n => 0) = 0.
Proof. induction n; simpl; [reflexivity | rewrite IHn; ring]. Qed.
Lemma sum_swap : forall m n (f : Fin.t m -> vec n),
  sum (fun r => sum (fun j => f r j)) = sum (fun j => sum (fun r => f r j)).
Proof.
  induction m; intros n f; simpl; [now rewrite sum_zero |].
  now rewrite (IHm n (fun r => f (Fin.FS r))), sum_plus.
Qed.
Lemma sum_le : forall n (f g : vec n), (forall j, f j <= g j) -> sum f <= sum g.
Proof.
  induction n; intros f g H; simpl; [lra |].
  apply Rplus_le_compat; [apply H | apply IHn; intro; apply H].
Qed.


(** a sum changes by the change of its one changed term *)
Lemma sum_one : forall n (f g : vec n) i,
  (forall j, j <> i -> f j = g j) -> sum f - sum g = f i - g i.
Proof.
  induction n; intros f g i H; [inversion i |].
  simpl. revert H. pattern i; apply Fin.caseS'; clear i.
  - intros H. rewrite (sum_ext _ (fun j => f (Fin.FS j)) (fun j => g (Fin.FS j))); [ring |].
    intro j; apply H; intro E; inversion E.
  - intros i H. rewrite (H Fin.F1) by (intro E; inversion E).
    assert (K := IHn (fun j => f (Fin.FS j)) (fun j => g (Fin.FS j)) i); simpl in K.
    rewrite <- K; [ring |]. intros j Hj; apply H; intro E; apply Hj; now apply Fin.FS_inj.
Qed.

(** * The theorem *)
Lemma sum_const : forall m a, sum (fun _ : Fin.t m => a) = INR m * a.
Proof. induction m; intro a; [simpl; ring |]. rewrite S_INR; cbn [sum]; rewrite IHm; ring. Qed.

(** * Sums *)
Lemma sum_nonneg : forall n (f : vec n), (forall j, 0 <= f j) -> 0 <= sum f.
Proof. intros n f H; rewrite <- (sum_zero n); now apply sum_le. Qed.

Lemma term_le_sum : forall n (f : vec n), (forall j, 0 <= f j) -> forall i, f i <= sum f.
Proof.
  induction n; intros f H i; [inversion i |]; simpl.
  assert (0 <= sum (fun j => f (Fin.FS j))) by (apply sum_nonneg; auto).
  pattern i; apply Fin.caseS'; [lra |]. intro j.
  generalize (IHn (fun j => f (Fin.FS j)) (fun j => H _) j) (H Fin.F1); simpl; lra.
Qed.

Lemma sum_abs : forall n (f : vec n), Rabs (sum f) <= sum (fun j => Rabs (f j)).
Proof.
  induction n; intro f; simpl; [rewrite Rabs_R0; lra |].
  apply Rle_trans with (1 := Rabs_triang _ _); apply Rplus_le_compat_l, (IHn (fun j => f (Fin.FS j))).
Qed.

Lemma cauchy_schwarz : forall n (b d : vec n),
  sum (fun j => b j * d j) ^ 2 <= sum (fun j => b j ^ 2) * sum (fun j => d j ^ 2).
Proof.
  induction n; intros b d; cbn [sum]; [lra |].
  assert (K := IHn (fun j => b (Fin.FS j)) (fun j => d (Fin.FS j))); cbv beta in K.
  assert (PB : 0 <= sum (fun j => b (Fin.FS j) ^ 2)) by (apply sum_nonneg; intro; apply pow2_ge_0).
  assert (PD : 0 <= sum (fun j => d (Fin.FS j) ^ 2)) by (apply sum_nonneg; intro; apply pow2_ge_0).
  set (B := sum (fun j => b (Fin.FS j) ^ 2)) in *. set (D := sum (fun j => d (Fin.FS j) ^ 2)) in *.
  set (x := sum (fun j => b (Fin.FS j) * d (Fin.FS j))) in *.
  set (p := b Fin.F1); set (q := d Fin.F1).
  assert (Q : 2 * (p * q * x) <= p ^ 2 * D + q ^ 2 * B).
  { apply Rle_trans with (2 * Rabs (p * q * x)); [generalize (Rle_abs (p * q * x)); lra |].
    assert (S : Rabs (p * q * x) <= (p ^ 2 * D + q ^ 2 * B) / 2); [| lra].
    assert (0 <= p ^ 2 * D) by (apply Rmult_le_pos; [apply pow2_ge_0 | lra]).
    assert (0 <= q ^ 2 * B) by (apply Rmult_le_pos; [apply pow2_ge_0 | lra]).
    apply Rsqr_incr_0_var; [| lra]. rewrite <- Rsqr_abs; unfold Rsqr.
    assert (T : p ^ 2 * q ^ 2 * x ^ 2 <= p ^ 2 * q ^ 2 * (B * D)).
    { apply Rmult_le_compat_l; [apply Rmult_le_pos; apply pow2_ge_0 | exact K]. }
    generalize (pow2_ge_0 (p ^ 2 * D - q ^ 2 * B)); lra. }
  lra.
Qed.

Lemma linear_step : forall n (a d : vec n) i h,
  sum (fun j => a j * step d i h j) = sum (fun j => a j * d j) + a i * h.
Proof.
  intros n a d i h; assert (K := sum_one n (fun j => a j * step d i h j) (fun j => a j * d j) i).
  cbv beta in K; rewrite step_same in K.
  assert (sum (fun j => a j * step d i h j) - sum (fun j => a j * d j) = a i * (d i + h) - a i * d i); [| lra].
  apply K; intros j Hj; now rewrite step_other.
Qed.

Lemma sum_pick : forall n (f : vec n) i, sum (fun j => if Fin.eq_dec j i then f j else 0) = f i.
Proof.
  intros n f i.
  assert (K := sum_one n (fun j => if Fin.eq_dec j i then f j else 0) (fun _ => 0) i); cbv beta in K.
  rewrite sum_zero in K; destruct (Fin.eq_dec i i); [| congruence].
  rewrite !Rminus_0_r in K; apply K; intros j Hj; destruct (Fin.eq_dec j i); congruence.
Qed.

Lemma dot_times : forall m n (X : matrix m n) (v : vec m) (w : vec n),
  dot v (times X w) = sum (fun j => dot v (column X j) * w j).
Proof.
  intros m n X v w; unfold dot, times, column.
  rewrite (sum_ext _ _ (fun r => sum (fun j => v r * X r j * w j))).
  2: { intro r; unfold dot; rewrite <- sum_scal; apply sum_ext; intro; ring. }
  rewrite sum_swap; apply sum_ext; intro j.
  rewrite Rmult_comm, <- sum_scal; apply sum_ext; intro r; ring.
Qed.

Lemma times_step : forall m n (X : matrix m n) (w : vec n) i h r,
  times X (step w i h) r = times X w r + h * X r i.
Proof. intros; unfold times, dot; rewrite linear_step; ring. Qed.

Lemma squares_zero : forall n (v : vec n), sum (fun j => v j ^ 2) <= 0 -> forall j, v j = 0.
Proof.
  intros n v H j.
  assert (K := term_le_sum n (fun j => v j ^ 2) (fun j => pow2_ge_0 _) j); cbv beta in K.
  destruct (Req_dec (v j) 0) as [E | E]; [exact E |]. apply square_pos in E; lra.
Qed.

Lemma dot_le_norm : forall n (u v : vec n), Rabs (dot u v) <= norm u * norm v.
Proof.
  intros n u v; unfold norm; rewrite <- sqrt_mult_alt by (apply sum_nonneg; intro; apply pow2_ge_0).
  rewrite <- (sqrt_pow2 (Rabs (dot u v))) by apply Rabs_pos; apply sqrt_le_1_alt.
  rewrite pow2_abs; apply cauchy_schwarz.
Qed.

Lemma derivative_sum : forall m (f : Fin.t m -> R -> R) (g : vec m) x,
  (forall j, derivative (f j) x (g j)) -> derivative (fun w => sum (fun j => f j w)) x (sum g).
Proof.
  induction m; intros f g x H; simpl.
  - apply derivable_pt_lim_const.
  - apply (derivable_pt_lim_plus (f Fin.F1) (fun w => sum (fun j => f (Fin.FS j) w))); [apply H |].
    apply (IHm (fun j => f (Fin.FS j)) (fun j => g (Fin.FS j))); intro j; apply H.
Qed.

Lemma coordinate_le_norm : forall n (u : vec n) i, Rabs (u i) <= norm u.
Proof.
  intros n u i; unfold norm; rewrite <- (sqrt_pow2 (Rabs (u i))) by apply Rabs_pos.
  rewrite pow2_abs; apply sqrt_le_1_alt; apply (term_le_sum n (fun j => u j ^ 2)); intro; apply pow2_ge_0.
Qed.

(** Along coordinate i the penalties of the other weights are constant. *)
Lemma one_penalty : forall n (rho : R -> R) (w : vec n) i h, w i = 0 ->
  sum (fun j => rho (step w i h j)) = sum (fun j => rho (w j)) + (rho h - rho 0).
Proof.
  intros n rho w i h E.
  assert (K := sum_one n (fun j => rho (step w i h j)) (fun j => rho (w j)) i).
  cbv beta in K; rewrite step_same, E, Rplus_0_l in K.
  rewrite <- K; [ring |]; intros j Hj; now rewrite step_other.
Qed.

(** * Slopes *)

(** * To the left: exchange h for -h *)
Lemma derivative_reflect : forall f g, derivative f 0 g -> derivative (fun h => f (- h)) 0 (- g).
Proof.
  intros f g Hf eps He; destruct (Hf eps He) as [d H]; exists d; intros h Hh Hd.
  specialize (H (- h)); rewrite Rabs_Ropp in H.
  replace (- (0 + h)) with (0 + - h) by ring; replace (- 0) with 0 by ring.
  replace ((f (0 + - h) - f 0) / h - - g) with (- ((f (0 + - h) - f 0) / - h - g)) by (field; lra).
  rewrite Rabs_Ropp; apply H; auto; lra.
Qed.

Lemma quotient_reflect : forall y r h, h <> 0 -> quotient y r (- h) = ext_opp (quotient y r h).
Proof.
  intros [b | |] r h Hh; simpl.
  - f_equal; field; lra.
  - destruct (Rlt_dec 0 (- h)), (Rlt_dec 0 h); simpl; auto; lra.
  - destruct (Rlt_dec 0 (- h)), (Rlt_dec 0 h); simpl; auto; lra.
Qed.

Lemma slope_reflect : forall rho x l,
  slope_left rho x l <-> slope_right (fun u => rho (- u)) (- x) (ext_opp l).
Proof.
  intros rho x l; unfold slope_left, slope_right, limit_left, limit_right.
  assert (Q : forall r h, 0 < h -> quotient (rho (- (- x + h))) r h = ext_opp (quotient (rho (x + - h)) r (- h))).
  { intros r h Hh; replace (- (- x + h)) with (x + - h) by ring.
    rewrite quotient_reflect by lra.
    now destruct (quotient (rho (x + - h)) r h); simpl; rewrite ?Ropp_involutive. }
  split; intros (r & E & H); exists r.
  - rewrite Ropp_involutive; split; [exact E |]; intro a; specialize (H (- a)); split; intro K.
    + apply lt_opp_r in K; destruct (proj2 H K) as (d & Hd & M).
      exists d; split; auto; intros h Hh; rewrite Q by lra; apply lt_opp_r; auto.
    + apply lt_opp_l in K; destruct (proj1 H K) as (d & Hd & M).
      exists d; split; auto; intros h Hh; rewrite Q by lra; apply lt_opp_l; auto.
  - rewrite Ropp_involutive in E; split; [exact E |]; intro a; specialize (H (- a)); split; intro K.
    + apply (lt_opp l a) in K; destruct (proj2 H K) as (d & Hd & M).
      exists d; split; auto; intros h Hh; specialize (M h Hh); rewrite Q in M by lra.
      now apply (lt_opp _ a).
    + apply (lt_opp a l) in K; destruct (proj1 H K) as (d & Hd & M).
      exists d; split; auto; intros h Hh; specialize (M h Hh); rewrite Q in M by lra.
      now apply (lt_opp a _).
Qed.

Lemma slope_reflect_0 : forall rho l,
  slope_left rho 0 l -> slope_right (fun u => rho (- u)) 0 (ext_opp l).
Proof. intros rho l H; apply slope_reflect in H; now rewrite Ropp_0 in H. Qed.

Lemma slope_right_unique : forall rho x s s', slope_right rho x s -> slope_right rho x s' -> s = s'.
Proof.
  assert (K : forall rho x s s', slope_right rho x s -> slope_right rho x s' -> ~ ext_lt s s').
  { intros rho x s s' (r & E & H) (r' & E' & H') L.
    rewrite E in E'; injection E' as <-.
    destruct (lt_between s s' L) as (a & A & A').
    destruct (proj2 (H a) A) as (d & Hd & Q); destruct (proj1 (H' a) A') as (d' & Hd' & Q').
    assert (M := Rmin_pos d d' Hd Hd'); generalize (Rmin_l d d') (Rmin_r d d'); intros.
    eapply lt_trans_irrefl; [apply (Q (Rmin d d' / 2)) | apply Q']; lra. }
  intros rho x s s' H H'; destruct (lt_total s s') as [L | [E | L]]; auto;
    exfalso; [apply (K rho x s s') | apply (K rho x s' s)]; auto.
Qed.

Lemma derivative_slope_right : forall (f : R -> R) g, derivative f 0 g -> slope_right (fun w => f w) 0 (Real g).
Proof.
  intros f g D; exists (f 0); split; [reflexivity |]; intro a; simpl; split; intro H.
  - destruct (D (g - a)) as [[d Hd] K]; [lra |]; simpl in K; exists d; split; auto; intros h Hh.
    assert (Q : Rabs ((f (0 + h) - f 0) / h - g) < g - a) by (apply K; [lra | rewrite Rabs_right; lra]).
    apply Rabs_def2 in Q; lra.
  - destruct (D (a - g)) as [[d Hd] K]; [lra |]; simpl in K; exists d; split; auto; intros h Hh.
    assert (Q : Rabs ((f (0 + h) - f 0) / h - g) < a - g) by (apply K; [lra | rewrite Rabs_right; lra]).
    apply Rabs_def2 in Q; lra.
Qed.

Lemma derivative_slope_left : forall (f : R -> R) g, derivative f 0 g -> slope_left (fun w => f w) 0 (Real g).
Proof.
  intros f g D; apply slope_reflect; rewrite Ropp_0.
  apply (derivative_slope_right (fun u => f (- u)) (- g)), derivative_reflect, D.
Qed.

Lemma slopes_derivative : forall (f : R -> R) g, slope_left (fun w => f w) 0 (Real g) ->
  slope_right (fun w => f w) 0 (Real g) -> derivative f 0 g.
Proof.
  intros f g (l & El & L) (r & Er & R) eps He; injection El as <-; injection Er as <-.
  destruct (proj1 (R (g - eps))) as (d1 & P1 & K1); [simpl; lra |].
  destruct (proj2 (R (g + eps))) as (d2 & P2 & K2); [simpl; lra |].
  destruct (proj1 (L (g - eps))) as (d3 & P3 & K3); [simpl; lra |].
  destruct (proj2 (L (g + eps))) as (d4 & P4 & K4); [simpl; lra |].
  set (d := Rmin (Rmin d1 d2) (Rmin d3 d4)).
  assert (Hd : 0 < d) by (repeat apply Rmin_pos; auto).
  assert (B : d <= d1 /\ d <= d2 /\ d <= d3 /\ d <= d4).
  { unfold d; generalize (Rmin_l (Rmin d1 d2) (Rmin d3 d4)) (Rmin_r (Rmin d1 d2) (Rmin d3 d4))
      (Rmin_l d1 d2) (Rmin_r d1 d2) (Rmin_l d3 d4) (Rmin_r d3 d4); lra. }
  exists (mkposreal d Hd); simpl; intros h Hh Hhd; apply Rabs_def1.
  - destruct (Rdichotomy h 0 Hh) as [N | P].
    + rewrite Rabs_left in Hhd by lra; specialize (K4 (- h) ltac:(lra)); simpl in K4.
      rewrite Ropp_involutive in K4; lra.
    + rewrite Rabs_right in Hhd by lra; specialize (K2 h ltac:(lra)); simpl in K2; lra.
  - destruct (Rdichotomy h 0 Hh) as [N | P].
    + rewrite Rabs_left in Hhd by lra; specialize (K3 (- h) ltac:(lra)); simpl in K3.
      rewrite Ropp_involutive in K3; lra.
    + rewrite Rabs_right in Hhd by lra; specialize (K1 h ltac:(lra)); simpl in K1; lra.
Qed.

Lemma slope_left_unique : forall rho x s s', slope_left rho x s -> slope_left rho x s' -> s = s'.
Proof.
  intros rho x s s' H H'; apply slope_reflect in H, H'.
  assert (E := slope_right_unique _ _ _ _ H H').
  destruct s, s'; simpl in E; try discriminate; auto.
  injection E; intro; f_equal; lra.
Qed.

Lemma derivative_iff_slopes : forall (f : R -> R) (l r : R), slope_left (fun w => f w) 0 l ->
  slope_right (fun w => f w) 0 r -> ((exists g, derivative f 0 g) <-> l = r).
Proof.
  intros f l r L R; split.
  - intros [g D].
    assert (E1 := slope_left_unique _ _ _ _ L (derivative_slope_left f g D)).
    assert (E2 := slope_right_unique _ _ _ _ R (derivative_slope_right f g D)).
    congruence.
  - intros <-; exists l; now apply slopes_derivative.
Qed.

(** * The L1 inequality *)
Lemma slopes_abs : forall beta,
  slope_left (fun w => beta * Rabs w) 0 (- beta) /\ slope_right (fun w => beta * Rabs w) 0 beta.
Proof.
  intro beta; split; exists (beta * Rabs 0); (split; [reflexivity |]);
    intro a; split; simpl; intro Ha; exists 1; (split; [lra |]); intros h Hh;
    rewrite Rplus_0_l, ?Rabs_Ropp, Rabs_R0, Rabs_right by lra.
  - replace ((beta * h - beta * 0) / - h) with (- beta) by (field; lra); lra.
  - replace ((beta * h - beta * 0) / - h) with (- beta) by (field; lra); lra.
  - replace ((beta * h - beta * 0) / h) with beta by (field; lra); lra.
  - replace ((beta * h - beta * 0) / h) with beta by (field; lra); lra.
Qed.

(** the derivative at a minimum is zero *)
Lemma fermat : forall f g, derivative f 0 g -> local_min f 0 -> g = 0.
Proof.
  intros f g Hf (d & Hd & H).
  assert (pr : derivable_pt f 0) by now exists g.
  rewrite <- (derive_pt_eq_0 f 0 g pr Hf).
  apply deriv_minimum with (- d) d; [lra | lra |].
  intros x H1 H2; apply le_fin, H; rewrite Rminus_0_r; now apply Rabs_def1.
Qed.

Lemma polynomial_slope : forall f c r s, (forall h, f h = c + r * h + s * h ^ 2) -> derivative f 0 r.
Proof.
  intros f c r s E eps He.
  assert (Hd : 0 < eps / (Rabs s + 1)) by (apply Rdiv_lt_0_compat; [| generalize (Rabs_pos s)]; lra).
  exists (mkposreal _ Hd); simpl; intros h Hh Hhd; rewrite !E.
  replace ((c + r * (0 + h) + s * (0 + h) ^ 2 - (c + r * 0 + s * 0 ^ 2)) / h - r) with (s * h) by (field; lra).
  rewrite Rabs_mult; assert (Ps := Rabs_pos s); assert (0 < Rabs h) by now apply Rabs_pos_lt.
  apply Rle_lt_trans with ((Rabs s + 1) * Rabs h); [nra |].
  apply Rlt_le_trans with ((Rabs s + 1) * (eps / (Rabs s + 1))); [| right; field; lra].
  apply Rmult_lt_compat_l; lra.
Qed.
