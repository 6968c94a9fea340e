(** Chapter "Mean, median, mode".  The priors have finitely many atoms: atom j is the number x j and has the mass
    p j. *)
Require Import Basics TheL1Singularity.
From Coq Require Import Lra Lia Classical FunctionalExtensionality.

(** The likelihood of the observation y = w + tau * noise, up to a constant; the posterior masses of the atoms. *)
Definition likelihood (tau y w : R) : R := exp (- (y - w) ^ 2 / (2 * tau ^ 2)).
Definition normalized {m} (a : vec m) : vec m := fun j => a j / sum a.
Definition posterior {m} (tau : R) (p x : vec m) (y : R) : vec m :=
  normalized (fun j => p j * likelihood tau y (x j)).
Definition expectation {m} (q x : vec m) : R := sum (fun j => q j * x j).
Definition variance {m} (q x : vec m) : R := sum (fun j => q j * (x j - expectation q x) ^ 2).

(** The masses q below, at and above the number a. *)
Definition mass_below {m} (q x : vec m) (a : R) : R := sum (fun j => if Rlt_dec (x j) a then q j else 0).
Definition mass_at {m} (q x : vec m) (a : R) : R := sum (fun j => if Req_EM_T (x j) a then q j else 0).
Definition mass_above {m} (q x : vec m) (a : R) : R := sum (fun j => if Rlt_dec a (x j) then q j else 0).

(** * Sums *)

Lemma sum_pos : forall m (a : vec m), (forall j, 0 < a j) -> (exists j : Fin.t m, True) -> 0 < sum a.
Proof.
  intros m a H [j _]; apply Rlt_le_trans with (a j); [apply H |].
  apply term_le_sum; intro k; left; apply H.
Qed.

Lemma sum_div : forall m (a : vec m) s, sum (fun j => a j / s) = sum a / s.
Proof.
  intros m a s; unfold Rdiv; rewrite (sum_ext _ _ (fun j => / s * a j)) by (intro; ring).
  rewrite sum_scal; ring.
Qed.

Lemma sum_normalized : forall m (a : vec m), sum a <> 0 -> sum (normalized a) = 1.
Proof. intros m a H; unfold normalized; rewrite sum_div; field; exact H. Qed.

Lemma mean_normalized : forall m (a x : vec m), expectation (normalized a) x = sum (fun j => a j * x j) / sum a.
Proof.
  intros m a x; unfold expectation, normalized; rewrite <- sum_div; apply sum_ext; intro j; unfold Rdiv; ring.
Qed.

Lemma variance_moments : forall m (q x : vec m), sum q = 1 ->
  variance q x = sum (fun j => q j * x j ^ 2) - expectation q x ^ 2.
Proof.
  intros m q x H; unfold variance; set (c := expectation q x).
  rewrite (sum_ext _ _ (fun j => q j * x j ^ 2 + (- (2 * c) * (q j * x j) + c ^ 2 * q j))) by (intro; ring).
  rewrite !sum_plus, !sum_scal, H; fold (expectation q x); fold c; ring.
Qed.

Lemma variance_pos : forall m (q x : vec m), (forall j, 0 < q j) -> (exists j k, x j <> x k) -> 0 < variance q x.
Proof.
  intros m q x Q (j & k & D); set (c := expectation q x).
  assert (T : forall i, 0 <= q i * (x i - c) ^ 2) by (intro i; apply Rmult_le_pos; [left; apply Q | apply pow2_ge_0]).
  assert (E : exists i, x i <> c).
  { destruct (Req_EM_T (x j) c) as [E | N]; [exists k | now exists j]; congruence. }
  destruct E as [i N]; apply Rlt_le_trans with (q i * (x i - c) ^ 2).
  - apply Rmult_lt_0_compat; [apply Q | apply square_pos; lra].
  - apply (term_le_sum m (fun i => q i * (x i - c) ^ 2)); exact T.
Qed.

Lemma posterior_pos : forall m tau (p x : vec m) y, (forall j, 0 < p j) -> forall j, 0 < posterior tau p x y j.
Proof.
  intros m tau p x y P j; unfold posterior, normalized.
  assert (L : forall i, 0 < p i * likelihood tau y (x i)).
  { intro i; apply Rmult_lt_0_compat; [apply P | apply exp_pos]. }
  apply Rdiv_lt_0_compat; [apply L | apply sum_pos; [exact L | now exists j]].
Qed.

(** * The mean *)

Lemma quadratic_derivative : forall f c r s x, (forall h, f h = c + r * h + s * h ^ 2) ->
  derivative f x (r + 2 * s * x).
Proof.
  intros f c r s x E eps He.
  assert (Hd : 0 < eps / (Rabs s + 1)) by (apply Rdiv_lt_0_compat; [| generalize (Rabs_pos s)]; lra).
  exists (mkposreal _ Hd); simpl; intros h Hh Hhd; rewrite !E.
  replace ((c + r * (x + h) + s * (x + h) ^ 2 - (c + r * x + s * x ^ 2)) / h - (r + 2 * s * x)) with (s * h)
    by (field; lra).
  rewrite Rabs_mult; assert (Ps := Rabs_pos s); assert (0 < Rabs h) by now apply Rabs_pos_lt.
  apply Rle_lt_trans with ((Rabs s + 1) * Rabs h); [nra |].
  apply Rlt_le_trans with ((Rabs s + 1) * (eps / (Rabs s + 1))); [| right; field; lra].
  apply Rmult_lt_compat_l; lra.
Qed.

(** A tilt: the masses a_j(t) change at the rate s * x_j + r, the same r for all atoms. *)
Lemma tilted_mean : forall m (a : R -> vec m) (x : vec m) t s r, 0 < sum (a t) ->
  (forall j, derivative (fun t => a t j) t (a t j * (s * x j + r))) ->
  derivative (fun t => expectation (normalized (a t)) x) t (s * variance (normalized (a t)) x).
Proof.
  intros m a x t s r P D.
  assert (D0 : derivative (fun t => sum (a t)) t (s * sum (fun j => a t j * x j) + r * sum (a t))).
  { replace (s * sum (fun j => a t j * x j) + r * sum (a t)) with (sum (fun j => a t j * (s * x j + r))).
    - apply (derivative_sum m (fun j t => a t j) (fun j => a t j * (s * x j + r)) t D).
    - rewrite <- !sum_scal, <- sum_plus; apply sum_ext; intro; ring. }
  assert (D1 : derivative (fun t => sum (fun j => a t j * x j)) t
            (s * sum (fun j => a t j * x j ^ 2) + r * sum (fun j => a t j * x j))).
  { replace (s * sum (fun j => a t j * x j ^ 2) + r * sum (fun j => a t j * x j))
      with (sum (fun j => a t j * (s * x j + r) * x j)).
    - apply (derivative_sum m (fun j t => a t j * x j) (fun j => a t j * (s * x j + r) * x j) t).
      intro j; assert (K := derivable_pt_lim_scal (fun t => a t j) (x j) t _ (D j)).
      replace (a t j * (s * x j + r) * x j) with (x j * (a t j * (s * x j + r))) by ring.
      intros eps He; destruct (K eps He) as [d H]; exists d; intros h Hh Hd; specialize (H h Hh Hd).
      unfold mult_real_fct in H.
      replace (a (t + h) j * x j - a t j * x j) with (x j * a (t + h) j - x j * a t j) by ring; exact H.
    - rewrite <- !sum_scal, <- sum_plus; apply sum_ext; intro; ring. }
  assert (Q := derivable_pt_lim_div _ _ _ _ _ D1 D0 (Rgt_not_eq _ _ P)).
  assert (V : s * variance (normalized (a t)) x =
    ((s * sum (fun j => a t j * x j ^ 2) + r * sum (fun j => a t j * x j)) * sum (a t) -
     (s * sum (fun j => a t j * x j) + r * sum (a t)) * sum (fun j => a t j * x j)) / Rsqr (sum (a t))).
  { rewrite variance_moments by (apply sum_normalized; lra).
    rewrite mean_normalized.
    replace (sum (fun j => normalized (a t) j * x j ^ 2)) with (sum (fun j => a t j * x j ^ 2) / sum (a t)).
    - unfold Rsqr; field; lra.
    - rewrite <- sum_div; apply sum_ext; intro; unfold normalized, Rdiv; ring. }
  rewrite V; intros eps He; destruct (Q eps He) as [d H]; exists d; intros h Hh Hd; specialize (H h Hh Hd).
  rewrite !mean_normalized; exact H.
Qed.

Lemma increasing : forall (f f' : R -> R), (forall y, derivative f y (f' y)) -> (forall y, 0 < f' y) ->
  forall y z, y < z -> f y < f z.
Proof.
  intros f f' D P y z L.
  destruct (MVT_cor2 f f' y z L) as (c & E & _); [intros; apply D |].
  assert (0 < f' c * (z - y)) by (apply Rmult_lt_0_compat; [apply P | lra]); lra.
Qed.

(* Scope: the prior has finitely many atoms. *)
(** "A posterior mean never rests", part 1. *)
Theorem thm_posterior_mean_1 :
  forall m (p x : vec m) (tau : R), 0 < tau -> (forall j, 0 < p j) -> (exists j k, x j <> x k) ->
  let mean_at y := expectation (posterior tau p x y) x in
  (forall y, derivative mean_at y (variance (posterior tau p x y) x / tau ^ 2) /\
             variance (posterior tau p x y) x / tau ^ 2 > 0) /\
  (forall y z, y < z -> mean_at y < mean_at z) /\
  (forall y z, mean_at y = 0 -> mean_at z = 0 -> y = z).
Proof.
  intros m p x tau T P X mean_at.
  assert (T2 : 0 < tau ^ 2) by nra.
  assert (A : forall y, derivative mean_at y (variance (posterior tau p x y) x / tau ^ 2) /\
             variance (posterior tau p x y) x / tau ^ 2 > 0).
  { intro y; split.
    - replace (variance (posterior tau p x y) x / tau ^ 2) with (/ tau ^ 2 * variance (posterior tau p x y) x)
        by (unfold Rdiv; ring).
      apply (tilted_mean m (fun y j => p j * likelihood tau y (x j)) x y (/ tau ^ 2) (- y / tau ^ 2)).
      + apply sum_pos; [| destruct X as (j & _); now exists j].
        intro j; apply Rmult_lt_0_compat; [apply P | apply exp_pos].
      + intro j.
        replace (p j * likelihood tau y (x j) * (/ tau ^ 2 * x j + - y / tau ^ 2))
          with (p j * (likelihood tau y (x j) * (x j / tau ^ 2 + 2 * - / (2 * tau ^ 2) * y))) by (field; lra).
        apply (derivable_pt_lim_scal (fun y => likelihood tau y (x j))).
        apply (derivable_pt_lim_comp (fun y => - (y - x j) ^ 2 / (2 * tau ^ 2)) exp);
          [| apply derivable_pt_lim_exp].
        apply quadratic_derivative with (- x j ^ 2 / (2 * tau ^ 2)); intro h; field; lra.
    - apply Rdiv_lt_0_compat; [| exact T2].
      apply variance_pos; [intro j; now apply posterior_pos | exact X]. }
  assert (I : forall y z, y < z -> mean_at y < mean_at z).
  { apply increasing with (fun y => variance (posterior tau p x y) x / tau ^ 2); intro y; apply A. }
  split; [exact A | split; [exact I |]].
  intros y z Hy Hz; destruct (Rtotal_order y z) as [L | [E | L]]; auto; apply I in L; lra.
Qed.

(** Regression: atom j of the prior is the vector W j in R^n. *)
Definition likelihood_n {k n} (tau : R) (X : matrix k n) (y : vec k) (w : vec n) : R :=
  exp (- sum (fun r => (y r - times X w r) ^ 2) / (2 * tau ^ 2)).
Definition posterior_n {k m n} (tau : R) (X : matrix k n) (p : vec m) (W : Fin.t m -> vec n) (y : vec k) : vec m :=
  normalized (fun j => p j * likelihood_n tau X y (W j)).

(* Scope: the prior has finitely many atoms; of row i of the pseudo-inverse only this is used, which full rank provides:
   its product with Xw is weight i, for every w; that the targets with mean zero have volume zero is left to the
   text. *)
(** Part 2. *)
Theorem thm_posterior_mean_2 :
  forall k m n (X : matrix k n) (p : vec m) (W : Fin.t m -> vec n) (i : Fin.t n) (u y : vec k) (tau : R),
  0 < tau -> (forall j, 0 < p j) -> (exists j l, W j i <> W l i) -> (forall w, dot u (times X w) = w i) ->
  let along s : vec k := fun r => y r + s * u r in
  let coordinate : vec m := fun j => W j i in
  let mean_at s := expectation (posterior_n tau X p W (along s)) coordinate in
  (forall s, derivative mean_at s (variance (posterior_n tau X p W (along s)) coordinate / tau ^ 2) /\
             variance (posterior_n tau X p W (along s)) coordinate / tau ^ 2 > 0) /\
  (forall s t, mean_at s = 0 -> mean_at t = 0 -> s = t).
Proof.
  intros k m n X p W i u y tau T P D U along coordinate mean_at.
  assert (T2 : 0 < tau ^ 2) by nra.
  assert (L : forall s j, 0 < p j * likelihood_n tau X (along s) (W j)).
  { intros s j; apply Rmult_lt_0_compat; [apply P | apply exp_pos]. }
  assert (S : forall s, 0 < sum (fun j => p j * likelihood_n tau X (along s) (W j))).
  { intro s; apply sum_pos; [apply L | destruct D as (j & _); now exists j]. }
  assert (A : forall s, derivative mean_at s (variance (posterior_n tau X p W (along s)) coordinate / tau ^ 2) /\
             variance (posterior_n tau X p W (along s)) coordinate / tau ^ 2 > 0).
  { intro s; split.
    - set (v := variance (posterior_n tau X p W (along s)) coordinate).
      replace (v / tau ^ 2) with (/ tau ^ 2 * v) by (unfold Rdiv; ring); unfold v.
      apply (tilted_mean m (fun s j => p j * likelihood_n tau X (along s) (W j)) coordinate s (/ tau ^ 2)
              (- (dot u y + s * dot u u) / tau ^ 2)); [apply S |].
      intro j; set (l := likelihood_n tau X (along s) (W j)).
      set (z := times X (W j)).
      replace (p j * l * (/ tau ^ 2 * coordinate j + - (dot u y + s * dot u u) / tau ^ 2))
        with (p j * (l * ((dot u z - dot u y) / tau ^ 2 + 2 * (- dot u u / (2 * tau ^ 2)) * s)))
        by (unfold z, coordinate; rewrite U; field; lra).
      apply (derivable_pt_lim_scal (fun s => likelihood_n tau X (along s) (W j))).
      apply (derivable_pt_lim_comp (fun s => - sum (fun r => (along s r - z r) ^ 2) / (2 * tau ^ 2)) exp);
        [| apply derivable_pt_lim_exp].
      apply quadratic_derivative with (- sum (fun r => (y r - z r) ^ 2) / (2 * tau ^ 2)); intro h.
      unfold dot, along.
      rewrite (sum_ext _ (fun r => (y r + h * u r - z r) ^ 2)
        (fun r => (y r - z r) ^ 2 + (h ^ 2 * (u r * u r) + (2 * h * (u r * y r) + - (2 * h) * (u r * z r)))))
        by (intro; ring).
      rewrite !sum_plus, !sum_scal; field; lra.
    - apply Rdiv_lt_0_compat; [| exact T2].
      apply variance_pos; [| exact D].
      intro j; unfold posterior_n, normalized; apply Rdiv_lt_0_compat; [apply L | apply S]. }
  split; [exact A |].
  assert (I : forall s t, s < t -> mean_at s < mean_at t).
  { apply increasing with (fun s => variance (posterior_n tau X p W (along s)) coordinate / tau ^ 2); intro; apply A. }
  intros s t Hs Ht; destruct (Rtotal_order s t) as [M | [E | M]]; auto; apply I in M; lra.
Qed.

(** Near miss: under a point mass the mean does not move. *)
Lemma miss_thm_posterior_mean_point_mass :
  ~ (forall m (p x : vec m) (tau : R), 0 < tau -> (forall j, 0 < p j) ->
     forall y z, y < z -> expectation (posterior tau p x y) x < expectation (posterior tau p x z) x).
Proof.
  intro H; specialize (H 1%nat (fun _ => 1) (fun _ => 0) 1 ltac:(lra) ltac:(intro; lra) 0 1 ltac:(lra)).
  unfold expectation in H; simpl in H; lra.
Qed.

(** * The absolute loss *)

(** The expected absolute loss of the answer a, for a random number that is x j with probability q j. *)
Definition absolute_loss {m} (q x : vec m) (a : R) : R := sum (fun j => q j * Rabs (x j - a)).

Lemma masses : forall m (q x : vec m) a, sum q = mass_below q x a + mass_at q x a + mass_above q x a.
Proof.
  intros m q x a; unfold mass_below, mass_at, mass_above; rewrite <- !sum_plus; apply sum_ext; intro j.
  destruct (Rlt_dec (x j) a), (Req_EM_T (x j) a), (Rlt_dec a (x j)); lra.
Qed.

Lemma mass_below_reflect : forall m (q x : vec m) a, mass_below q (fun j => - x j) (- a) = mass_above q x a.
Proof.
  intros; apply sum_ext; intro j; destruct (Rlt_dec (- x j) (- a)), (Rlt_dec a (x j)); lra.
Qed.
Lemma mass_above_reflect : forall m (q x : vec m) a, mass_above q (fun j => - x j) (- a) = mass_below q x a.
Proof.
  intros; apply sum_ext; intro j; destruct (Rlt_dec (- a) (- x j)), (Rlt_dec (x j) a); lra.
Qed.
Lemma mass_at_reflect : forall m (q x : vec m) a, mass_at q (fun j => - x j) (- a) = mass_at q x a.
Proof.
  intros; apply sum_ext; intro j; destruct (Req_EM_T (- x j) (- a)), (Req_EM_T (x j) a); lra.
Qed.
Lemma absolute_loss_reflect : forall m (q x : vec m) a, absolute_loss q (fun j => - x j) (- a) = absolute_loss q x a.
Proof.
  intros; apply sum_ext; intro j; f_equal; rewrite <- Rabs_Ropp; f_equal; ring.
Qed.

(** Close to the right of a the loss is a line. *)
Lemma line_right : forall m (q x : vec m) a, exists d, 0 < d /\ forall h, 0 < h < d ->
  absolute_loss q x (a + h) = absolute_loss q x a + h * (mass_below q x a + mass_at q x a - mass_above q x a).
Proof.
  unfold absolute_loss, mass_below, mass_at, mass_above.
  induction m; intros q x a; simpl.
  - exists 1; split; [lra |]; intros; ring.
  - destruct (IHm (fun j => q (Fin.FS j)) (fun j => x (Fin.FS j)) a) as (d & Hd & H).
    set (x0 := x Fin.F1).
    exists (if Rlt_dec a x0 then Rmin d (x0 - a) else d); split.
    + destruct (Rlt_dec a x0); [apply Rmin_pos; lra | exact Hd].
    + intros h Hh.
      assert (Hh' : 0 < h < d).
      { destruct (Rlt_dec a x0); [generalize (Rmin_l d (x0 - a)) |]; lra. }
      rewrite (H h Hh').
      destruct (Rlt_dec a x0) as [L | L].
      * assert (h < x0 - a) by (generalize (Rmin_r d (x0 - a)); lra).
        destruct (Rlt_dec x0 a), (Req_EM_T x0 a); try lra.
        rewrite !Rabs_right by lra; ring.
      * destruct (Rlt_dec x0 a), (Req_EM_T x0 a); try lra; rewrite !Rabs_left1 by lra; ring.
Qed.

Lemma loss_slope_right : forall m (q x : vec m) a,
  slope_right (fun b => absolute_loss q x b) a (Real (mass_below q x a + mass_at q x a - mass_above q x a)).
Proof.
  intros m q x a; destruct (line_right m q x a) as (d & Hd & H).
  set (s := mass_below q x a + mass_at q x a - mass_above q x a) in *.
  exists (absolute_loss q x a); split; [reflexivity |]; intro b; split; simpl; intro Hb; exists d; split; auto;
    intros h Hh; rewrite (H h Hh); replace ((absolute_loss q x a + h * s - absolute_loss q x a) / h) with s
      by (field; lra); exact Hb.
Qed.

Lemma loss_slope_left : forall m (q x : vec m) a,
  slope_left (fun b => absolute_loss q x b) a (Real (mass_below q x a - (mass_at q x a + mass_above q x a))).
Proof.
  intros m q x a; apply slope_reflect.
  assert (K := loss_slope_right m q (fun j => - x j) (- a)).
  rewrite mass_below_reflect, mass_at_reflect, mass_above_reflect in K.
  replace (ext_opp (Real (mass_below q x a - (mass_at q x a + mass_above q x a))))
    with (Real (mass_above q x a + mass_at q x a - mass_below q x a)) by (simpl; f_equal; ring).
  replace (fun u : R => Real (absolute_loss q x (- u))) with (fun u : R => Real (absolute_loss q (fun j => - x j) u)).
  - exact K.
  - apply functional_extensionality; intro u; f_equal.
    rewrite <- (absolute_loss_reflect m q x (- u)); now rewrite Ropp_involutive.
Qed.

(* Scope: a random number with finitely many values. *)
(** "The absolute loss has a kink at every atom": convex, with these slopes, whose difference is 2 P(W = a). *)
Theorem prop_absolute_loss_1 :
  forall m (q x : vec m), (forall j, 0 <= q j) ->
  convex (absolute_loss q x) /\
  forall a,
    let left := mass_below q x a - (mass_at q x a + mass_above q x a) in
    let right := mass_below q x a + mass_at q x a - mass_above q x a in
    slope_left (fun b => absolute_loss q x b) a left /\ slope_right (fun b => absolute_loss q x b) a right /\
    right - left = 2 * mass_at q x a.
Proof.
  intros m q x Q; split.
  - intros u v t Ht; unfold absolute_loss.
    rewrite <- !sum_scal, <- sum_plus; apply sum_le; intro j.
    replace (t * (q j * Rabs (x j - u)) + (1 - t) * (q j * Rabs (x j - v)))
      with (q j * (t * Rabs (x j - u) + (1 - t) * Rabs (x j - v))) by ring.
    apply Rmult_le_compat_l; [apply Q |].
    replace (x j - (t * u + (1 - t) * v)) with (t * (x j - u) + (1 - t) * (x j - v)) by ring.
    apply convex_abs; exact Ht.
  - intro a; split; [apply loss_slope_left | split; [apply loss_slope_right | ring]].
Qed.

(** To the right of 0 the loss lies above its line. *)
Lemma line_bound : forall m (q x : vec m) b, (forall j, 0 <= q j) -> 0 < b ->
  absolute_loss q x 0 + b * (mass_below q x 0 + mass_at q x 0 - mass_above q x 0) <= absolute_loss q x b.
Proof.
  intros m q x b Q B; unfold absolute_loss, mass_below, mass_at, mass_above.
  replace (b * (sum (fun j => if Rlt_dec (x j) 0 then q j else 0) + sum (fun j => if Req_EM_T (x j) 0 then q j else 0) -
           sum (fun j => if Rlt_dec 0 (x j) then q j else 0)))
    with (sum (fun j => b * ((if Rlt_dec (x j) 0 then q j else 0) + ((if Req_EM_T (x j) 0 then q j else 0) +
           - 1 * (if Rlt_dec 0 (x j) then q j else 0))))) by (rewrite sum_scal, !sum_plus, sum_scal; ring).
  rewrite <- sum_plus; apply sum_le; intro j; specialize (Q j); rewrite Rminus_0_r.
  destruct (Rlt_dec 0 (x j)) as [P | P].
  - destruct (Rlt_dec (x j) 0), (Req_EM_T (x j) 0); try lra.
    rewrite (Rabs_right (x j)) by lra.
    assert (K := abs_between (x j - b)); nra.
  - rewrite (Rabs_left1 (x j)), (Rabs_left1 (x j - b)) by lra.
    destruct (Rlt_dec (x j) 0), (Req_EM_T (x j) 0); try lra; nra.
Qed.

Lemma minimum_right : forall m (q x : vec m), (forall b, absolute_loss q x 0 <= absolute_loss q x b) ->
  mass_above q x 0 <= mass_below q x 0 + mass_at q x 0.
Proof.
  intros m q x H; destruct (line_right m q x 0) as (d & Hd & L).
  specialize (L (d / 2) ltac:(lra)); specialize (H (0 + d / 2)); rewrite L in H.
  set (s := mass_below q x 0 + mass_at q x 0 - mass_above q x 0) in *.
  assert (0 <= s); [| unfold s in *; lra].
  apply Rmult_le_reg_l with (d / 2); lra.
Qed.

(* Scope: a random number with finitely many values. *)
(** When 0 minimizes the loss, and when it is the only minimum. *)
Theorem prop_absolute_loss_2 :
  forall m (q x : vec m), (forall j, 0 <= q j) -> sum q = 1 ->
  ((forall b, absolute_loss q x 0 <= absolute_loss q x b) <-> mass_below q x 0 <= 1 / 2 /\ mass_above q x 0 <= 1 / 2) /\
  (mass_below q x 0 < 1 / 2 -> mass_above q x 0 < 1 / 2 -> unique_min (absolute_loss q x) 0).
Proof.
  intros m q x Q S.
  assert (M := masses m q x 0); rewrite S in M.
  assert (Left : forall b, b < 0 ->
    absolute_loss q x 0 - b * (mass_above q x 0 + mass_at q x 0 - mass_below q x 0) <= absolute_loss q x b).
  { intros b B; assert (K := line_bound m q (fun j => - x j) (- b) Q ltac:(lra)).
    replace 0 with (- 0) in K by ring.
    rewrite mass_below_reflect, mass_above_reflect, mass_at_reflect, !absolute_loss_reflect in K; lra. }
  split; [split |].
  - intro H; split.
    + assert (K : mass_above q (fun j => - x j) 0 <= mass_below q (fun j => - x j) 0 + mass_at q (fun j => - x j) 0).
      { apply minimum_right; intro b; assert (E := absolute_loss_reflect m q x (- b)); rewrite Ropp_involutive in E.
        rewrite E; replace 0 with (- 0) by ring; rewrite absolute_loss_reflect; apply H. }
      replace 0 with (- 0) in K by ring.
      rewrite mass_below_reflect, mass_above_reflect, mass_at_reflect in K; lra.
    + assert (K := minimum_right m q x H); lra.
  - intros [B A] b; destruct (Rtotal_order b 0) as [N | [E | P]].
    + specialize (Left b N); nra.
    + subst b; lra.
    + assert (K := line_bound m q x b Q P); nra.
  - intros B A b Hb; destruct (Rtotal_order b 0) as [N | [E | P]]; [| lra |].
    + specialize (Left b N); nra.
    + assert (K := line_bound m q x b Q P); nra.
Qed.

(** Near miss: "only if zero has half of the probability."  Three values, one third each. *)
Lemma miss_prop_absolute_loss_half :
  ~ (forall m (q x : vec m), (forall j, 0 <= q j) -> sum q = 1 ->
     (forall b, absolute_loss q x 0 <= absolute_loss q x b) -> 1 / 2 <= mass_at q x 0).
Proof.
  intro H.
  set (x := fun j : Fin.t 3 => match proj1_sig (Fin.to_nat j) with O => -1 | S O => 0 | _ => 1 end).
  specialize (H 3%nat (fun _ => 1 / 3) x ltac:(intro; lra) ltac:(simpl; lra)).
  assert (K : forall b, absolute_loss (fun _ => 1 / 3) x 0 <= absolute_loss (fun _ => 1 / 3) x b).
  { intro b; unfold absolute_loss, x; simpl.
    assert (A := abs_between (-1 - b)); assert (B := Rabs_pos (0 - b)); assert (C := abs_between (1 - b)).
    rewrite (Rabs_left (-1 - 0)), (Rabs_right (1 - 0)), (Rabs_right (0 - 0)) by lra; lra. }
  specialize (H K); unfold mass_at, x in H; simpl in H.
  destruct (Req_EM_T (-1) 0), (Req_EM_T 0 0), (Req_EM_T 1 0); lra.
Qed.

(** * The median *)

(** 0 is a posterior median (prop_absolute_loss_2). *)
Definition median_zero {m} (q x : vec m) : Prop := mass_below q x 0 <= 1 / 2 /\ mass_above q x 0 <= 1 / 2.

(** Posterior masses without the factor that all atoms share: an atom at 0 does not feel the observation. *)
Definition tilted_masses {m} (tau : R) (p x : vec m) (y : R) : vec m :=
  fun j => p j * exp (- x j ^ 2 / (2 * tau ^ 2)) * exp (x j / tau ^ 2 * y).

Lemma posterior_tilt : forall m tau (p x : vec m) y, 0 < tau ->
  posterior tau p x y = normalized (tilted_masses tau p x y).
Proof.
  intros m tau p x y T; unfold posterior, normalized, tilted_masses.
  assert (E : forall j, p j * likelihood tau y (x j) = exp (- y ^ 2 / (2 * tau ^ 2)) *
    (p j * exp (- x j ^ 2 / (2 * tau ^ 2)) * exp (x j / tau ^ 2 * y))).
  { intro j; unfold likelihood.
    replace (- (y - x j) ^ 2 / (2 * tau ^ 2))
      with (- y ^ 2 / (2 * tau ^ 2) + (- x j ^ 2 / (2 * tau ^ 2) + x j / tau ^ 2 * y)) by (field; lra).
    rewrite !exp_plus; ring. }
  apply functional_extensionality; intro j.
  rewrite (sum_ext _ _ _ E), sum_scal, E.
  assert (0 < exp (- y ^ 2 / (2 * tau ^ 2))) by apply exp_pos.
  set (e := exp (- y ^ 2 / (2 * tau ^ 2))) in *; set (s := sum _); set (t := p j * _ * _).
  unfold Rdiv; rewrite Rinv_mult; replace (e * t * (/ e * / s)) with (e * / e * (t * / s)) by ring.
  rewrite Rinv_r by lra; ring.
Qed.

Lemma masses_normalized : forall m (a x : vec m) c, sum a <> 0 ->
  mass_below (normalized a) x c = mass_below a x c / sum a /\ mass_above (normalized a) x c = mass_above a x c / sum a.
Proof.
  intros m a x c H; unfold mass_below, mass_above, normalized; rewrite <- !sum_div; split; apply sum_ext; intro j.
  - destruct (Rlt_dec (x j) c); [reflexivity | unfold Rdiv; ring].
  - destruct (Rlt_dec c (x j)); [reflexivity | unfold Rdiv; ring].
Qed.

Section Median.
Variables (m : nat) (p x : vec m) (tau : R).
Hypothesis tau_pos : 0 < tau.
Hypothesis p_pos : forall j, 0 < p j.

Definition above y := mass_above (tilted_masses tau p x y) x 0.
Definition below y := mass_below (tilted_masses tau p x y) x 0.
Definition atom := mass_at p x 0.

Lemma tilt_pos : forall y j, 0 < tilted_masses tau p x y j.
Proof. intros; unfold tilted_masses; repeat apply Rmult_lt_0_compat; auto; apply exp_pos. Qed.

Lemma atom_still : forall y, mass_at (tilted_masses tau p x y) x 0 = atom.
Proof.
  intro y; apply sum_ext; intro j; destruct (Req_EM_T (x j) 0) as [E | N]; [| reflexivity].
  unfold tilted_masses; rewrite E; replace (- 0 ^ 2 / (2 * tau ^ 2)) with 0 by (field; lra).
  replace (0 / tau ^ 2 * y) with 0 by (field; lra); rewrite exp_0; ring.
Qed.

Lemma median_masses : forall y, (exists j : Fin.t m, True) ->
  (mass_below (posterior tau p x y) x 0 <= 1 / 2 <-> below y <= above y + atom) /\
  (mass_above (posterior tau p x y) x 0 <= 1 / 2 <-> above y <= below y + atom) /\
  (mass_below (posterior tau p x y) x 0 = 1 / 2 <-> below y = above y + atom) /\
  (mass_above (posterior tau p x y) x 0 = 1 / 2 <-> above y = below y + atom).
Proof.
  intros y N; rewrite posterior_tilt by auto.
  assert (S : 0 < sum (tilted_masses tau p x y)) by (apply sum_pos; [apply tilt_pos | exact N]).
  destruct (masses_normalized m (tilted_masses tau p x y) x 0) as [B A]; [lra |].
  assert (M := masses m (tilted_masses tau p x y) x 0); rewrite atom_still in M; fold (above y) (below y) in *.
  rewrite A, B; set (s := sum (tilted_masses tau p x y)) in *.
  assert (Q : forall z, z / s = 1 / 2 -> 2 * z = s).
  { intros z E; replace z with (z / s * s) by (field; lra); rewrite E; lra. }
  assert (Q' : forall z, z / s <= 1 / 2 -> 2 * z <= s).
  { intros z E; replace z with (z / s * s) by (field; lra); nra. }
  assert (C : forall z, 2 * z = s -> z / s = 1 / 2) by (intros z E; rewrite <- E; field; lra).
  assert (C' : forall z, 2 * z <= s -> z / s <= 1 / 2).
  { intros z E; apply Rmult_le_reg_r with s; [lra |].
    replace (z / s * s) with z by (field; lra); lra. }
  repeat split; intro H.
  - apply Q' in H; lra.
  - apply C'; lra.
  - apply Q' in H; lra.
  - apply C'; lra.
  - apply Q in H; lra.
  - apply C; lra.
  - apply Q in H; lra.
  - apply C; lra.
Qed.

Lemma masses_move : forall y z, y <= z ->
  (above y <= above z /\ below z <= below y) /\
  ((exists j, 0 < x j) -> y < z -> above y < above z) /\ ((exists j, x j < 0) -> y < z -> below z < below y).
Proof.
  intros y z L.
  assert (T2 : 0 < tau ^ 2) by nra.
  assert (C : forall j, 0 < p j * exp (- x j ^ 2 / (2 * tau ^ 2))).
  { intro j; apply Rmult_lt_0_compat; [auto | apply exp_pos]. }
  assert (U : forall j, 0 < x j -> y < z -> tilted_masses tau p x y j < tilted_masses tau p x z j).
  { intros j P Lz; apply Rmult_lt_compat_l; [apply C |]; apply exp_increasing.
    apply Rmult_lt_compat_l; [apply Rdiv_lt_0_compat |]; lra. }
  assert (D : forall j, x j < 0 -> y < z -> tilted_masses tau p x z j < tilted_masses tau p x y j).
  { intros j P Lz; apply Rmult_lt_compat_l; [apply C |]; apply exp_increasing.
    assert (x j / tau ^ 2 < 0).
    { apply Rmult_lt_reg_r with (tau ^ 2); [lra |]; unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra. }
    nra. }
  assert (W : (above y <= above z /\ below z <= below y)).
  { destruct (Req_EM_T y z) as [E | N]; [subst z; lra |].
    split; apply sum_le; intro j.
    - destruct (Rlt_dec 0 (x j)) as [P |]; [left; apply U; [exact P | lra] | lra].
    - destruct (Rlt_dec (x j) 0) as [P |]; [left; apply D; [exact P | lra] | lra]. }
  assert (Strict : forall (f g : vec m) j, (forall i, f i <= g i) -> f j < g j -> sum f < sum g).
  { intros f g j H K; assert (N := term_le_sum m (fun i => g i + - 1 * f i)).
    cbv beta in N; specialize (N ltac:(intro i; specialize (H i); lra) j).
    rewrite sum_plus, sum_scal in N; lra. }
  split; [exact W |]; split; intros [j P] Lz.
  - unfold above, mass_above; apply (Strict _ _ j).
    + intro i; destruct (Rlt_dec 0 (x i)) as [Pi |]; [left; now apply U | lra].
    + destruct (Rlt_dec 0 (x j)); [now apply U | lra].
  - unfold below, mass_below; apply (Strict _ _ j).
    + intro i; destruct (Rlt_dec (x i) 0) as [Pi |]; [left; now apply D | lra].
    + destruct (Rlt_dec (x j) 0); [now apply D | lra].
Qed.

Lemma continuous_exp_line : forall c k y, continuity_pt (fun y => c * exp (k * y)) y.
Proof.
  intros c k y; apply derivable_continuous_pt; exists (c * (exp (k * y) * k)).
  apply (derivable_pt_lim_scal (fun y => exp (k * y))).
  apply (derivable_pt_lim_comp (fun y => k * y) exp); [| apply derivable_pt_lim_exp].
  intros e He; exists (mkposreal 1 Rlt_0_1); intros h Hh _.
  replace ((k * (y + h) - k * y) / h - k) with 0 by (field; exact Hh); rewrite Rabs_R0; exact He.
Qed.

Lemma continuous_sum : forall n (f : Fin.t n -> R -> R), (forall j y, continuity_pt (f j) y) ->
  continuity (fun y => sum (fun j => f j y)).
Proof.
  induction n; intros f H y; simpl.
  - apply continuity_pt_const; intros u v; reflexivity.
  - apply (continuity_pt_plus (f Fin.F1) (fun y => sum (fun j => f (Fin.FS j) y))); [apply H |].
    apply (IHn (fun j => f (Fin.FS j))); intros; apply H.
Qed.

Lemma above_continuous : continuity above.
Proof.
  unfold above, mass_above;
  apply (continuous_sum m (fun j y => if Rlt_dec 0 (x j) then tilted_masses tau p x y j else 0)).
  intros j y; destruct (Rlt_dec 0 (x j)).
  - apply (continuous_exp_line (p j * exp (- x j ^ 2 / (2 * tau ^ 2))) (x j / tau ^ 2) y).
  - apply continuity_pt_const; intros u v; reflexivity.
Qed.

Lemma below_continuous : continuity below.
Proof.
  unfold below, mass_below;
  apply (continuous_sum m (fun j y => if Rlt_dec (x j) 0 then tilted_masses tau p x y j else 0)).
  intros j y; destruct (Rlt_dec (x j) 0).
  - apply (continuous_exp_line (p j * exp (- x j ^ 2 / (2 * tau ^ 2))) (x j / tau ^ 2) y).
  - apply continuity_pt_const; intros u v; reflexivity.
Qed.

(** Far to the right the mass below 0 is as small, and the mass above 0 as large, as one likes. *)
Lemma exp_small : forall c k e, 0 < c -> 0 < k -> 0 < e -> exists T, 0 < T /\ forall y, T <= y -> c * exp (- k * y) < e.
Proof.
  intros c k e C K E; exists (c / (k * e)); split; [apply Rdiv_lt_0_compat; nra |]; intros y Hy.
  assert (P : 0 < y) by (apply Rlt_le_trans with (c / (k * e)); [apply Rdiv_lt_0_compat; nra | exact Hy]).
  assert (G := exp_ineq1 (k * y) ltac:(nra)).
  assert (I : c <= k * y * e).
  { apply Rmult_le_reg_r with (/ (k * e)); [apply Rinv_0_lt_compat; nra |].
    replace (k * y * e * / (k * e)) with y by (field; lra); exact Hy. }
  replace (- k * y) with (- (k * y)) by ring; rewrite exp_Ropp.
  apply Rmult_lt_reg_r with (exp (k * y)); [apply exp_pos |].
  rewrite Rmult_assoc, Rinv_l by (generalize (exp_pos (k * y)); lra); nra.
Qed.

Lemma sum_small : forall n (c k : vec n) e, (forall j, 0 < c j) -> (forall j, 0 < k j) -> 0 < e ->
  exists T, 0 < T /\ forall y, T <= y -> sum (fun j => c j * exp (- k j * y)) < e.
Proof.
  induction n; intros c k e C K E; simpl; [exists 1; split; [lra | intros; exact E] |].
  destruct (exp_small (c Fin.F1) (k Fin.F1) (e / 2)) as (T1 & P1 & H1); auto; [lra |].
  destruct (IHn (fun j => c (Fin.FS j)) (fun j => k (Fin.FS j)) (e / 2)) as (T2 & P2 & H2); auto; [lra |].
  exists (Rmax T1 T2); split; [apply Rlt_le_trans with T1; [exact P1 | apply Rmax_l] |]; intros y Hy.
  specialize (H1 y (Rle_trans _ _ _ (Rmax_l T1 T2) Hy)); specialize (H2 y (Rle_trans _ _ _ (Rmax_r T1 T2) Hy)).
  cbv beta in H2; lra.
Qed.

Lemma below_small : forall e, 0 < e -> exists T, 0 < T /\ forall y, T <= y -> below y < e.
Proof.
  intros e E; assert (T2 : 0 < tau ^ 2) by nra.
  destruct (sum_small m (fun j => p j * exp (- x j ^ 2 / (2 * tau ^ 2)))
    (fun j => if Rlt_dec (x j) 0 then - x j / tau ^ 2 else 1) e) as (T & P & H); auto.
  - intro j; apply Rmult_lt_0_compat; [auto | apply exp_pos].
  - intro j; destruct (Rlt_dec (x j) 0); [apply Rdiv_lt_0_compat |]; lra.
  - exists T; split; [exact P |]; intros y Hy; specialize (H y Hy); cbv beta in H.
    apply Rle_lt_trans with (2 := H); apply sum_le; intro j.
    destruct (Rlt_dec (x j) 0).
    + right; unfold tilted_masses; f_equal; f_equal; field; lra.
    + left; apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; [auto |] |]; apply exp_pos.
Qed.

Lemma above_large : forall b, (exists j, 0 < x j) -> exists T, 0 < T /\ forall y, T <= y -> b < above y.
Proof.
  intros b [j P]; assert (T2 : 0 < tau ^ 2) by nra.
  set (c := p j * exp (- x j ^ 2 / (2 * tau ^ 2))).
  assert (C : 0 < c) by (apply Rmult_lt_0_compat; [auto | apply exp_pos]).
  set (k := x j / tau ^ 2); assert (K : 0 < k) by (apply Rdiv_lt_0_compat; lra).
  exists ((Rabs b + 1) / (c * k)); split.
  - apply Rdiv_lt_0_compat; [generalize (Rabs_pos b); lra | nra].
  - intros y Hy.
    assert (I : Rabs b + 1 <= c * k * y).
    { apply Rmult_le_reg_r with (/ (c * k)); [apply Rinv_0_lt_compat; nra |].
      replace (c * k * y * / (c * k)) with y by (field; lra); exact Hy. }
    assert (Y : 0 < y).
    { apply Rlt_le_trans with (2 := Hy); apply Rdiv_lt_0_compat; [generalize (Rabs_pos b); lra | nra]. }
    assert (G := exp_ineq1 (k * y) ltac:(nra)).
    apply Rlt_le_trans with (c * exp (k * y)); [generalize (Rle_abs b); nra |].
    assert (N := term_le_sum m (fun i => if Rlt_dec 0 (x i) then tilted_masses tau p x y i else 0)).
    cbv beta in N; specialize (N ltac:(intro i; destruct (Rlt_dec 0 (x i)); [left; apply tilt_pos | lra]) j).
    destruct (Rlt_dec 0 (x j)); [exact N | lra].
Qed.

End Median.

Lemma reflected : forall m tau (p x : vec m) y, 0 < tau ->
  tilted_masses tau p (fun j => - x j) (- y) = tilted_masses tau p x y.
Proof.
  intros m tau p x y T; apply functional_extensionality; intro j; unfold tilted_masses.
  f_equal; [f_equal; f_equal; field; lra | f_equal; field; lra].
Qed.

Lemma above_reflect : forall m (p x : vec m) tau y, 0 < tau ->
  above m p (fun j => - x j) tau (- y) = below m p x tau y.
Proof.
  intros; unfold above, below; rewrite reflected by auto; replace 0 with (- 0) at 1 by ring; apply mass_above_reflect.
Qed.
Lemma below_reflect : forall m (p x : vec m) tau y, 0 < tau ->
  below m p (fun j => - x j) tau (- y) = above m p x tau y.
Proof.
  intros; unfold above, below; rewrite reflected by auto; replace 0 with (- 0) at 1 by ring; apply mass_below_reflect.
Qed.

(** Where the two sides are in balance: above - below takes each value between two of its values. *)
Lemma balance : forall m (p x : vec m) tau c y z, 0 < tau -> (forall j, 0 < p j) -> y < z ->
  above m p x tau y - below m p x tau y < c -> c < above m p x tau z - below m p x tau z ->
  exists t, y < t < z /\ above m p x tau t - below m p x tau t = c.
Proof.
  intros m p x tau c y z T P L Hy Hz.
  assert (C : continuity (fun t => above m p x tau t - below m p x tau t - c)).
  { intro t; apply continuity_pt_minus; [apply continuity_pt_minus |];
      [apply above_continuous | apply below_continuous | apply continuity_pt_const; intros u v; reflexivity]. }
  destruct (IVT _ y z C L) as (t & [A B] & E); [lra | lra |].
  exists t; split; [| lra].
  split; [destruct A as [A | A] | destruct B as [B | B]]; auto; subst t; lra.
Qed.

(* Scope: the prior has finitely many atoms. *)
(** "A posterior median rests on an atom", part 1: a closed interval, of positive length exactly if 0 is an atom. *)
Theorem thm_posterior_median_1 :
  forall m (p x : vec m) (tau : R), 0 < tau -> (forall j, 0 < p j) -> (exists j : Fin.t m, True) ->
  let rests y := median_zero (posterior tau p x y) x in
  (forall y z t, rests y -> rests z -> y <= t <= z -> rests t) /\
  (forall y, (forall e, 0 < e -> exists z, Rabs (z - y) < e /\ rests z) -> rests y) /\
  ((exists y z, y < z /\ rests y /\ rests z) <-> exists j, x j = 0).
Proof.
  intros m p x tau T P N rests.
  set (A := above m p x tau); set (B := below m p x tau); set (C := atom m p x).
  assert (R1 : forall y, rests y <-> B y <= A y + C /\ A y <= B y + C).
  { intro y; destruct (median_masses m p x tau T P y N) as (H1 & H2 & _); unfold rests, median_zero.
    fold A in H1, H2; fold B in H1, H2; fold C in H1, H2; tauto. }
  assert (Mono : forall y z, y <= z -> A y <= A z /\ B z <= B y) by (intros; now apply masses_move).
  assert (C0 : 0 <= C).
  { unfold C, atom, mass_at; apply sum_nonneg; intro j; destruct (Req_EM_T (x j) 0); [left; apply P | lra]. }
  split; [| split].
  - intros y z t Hy Hz Ht; apply R1 in Hy, Hz; apply R1.
    destruct (Mono y t), (Mono t z); lra.
  - intros y H; apply R1; apply NNPP; intro F.
    (* the difference A - B is continuous, so if it is beyond C at y it is beyond C close to y *)
    assert (K : exists e, 0 < e /\ forall z, Rabs (z - y) < e -> ~ rests z).
    { set (d := fun t => A t - B t).
      assert (D : continuity_pt d y) by (apply continuity_pt_minus; [apply above_continuous | apply below_continuous]).
      set (g := Rabs (d y) - C).
      assert (G : 0 < g).
      { unfold g, d; destruct (Rle_dec 0 (A y - B y)); [rewrite Rabs_right by lra | rewrite Rabs_left by lra]; lra. }
      destruct (D g G) as (e & E & K); exists e; split; [exact E |]; intros z Hz Rz; apply R1 in Rz.
      destruct (Req_EM_T y z) as [Ez | Nz]; [subst z; unfold g, d in G; tauto |].
      assert (Q : Rabs (d z - d y) < g).
      { apply (K z); split; [split; [exact I | exact Nz] | exact Hz]. }
      assert (Z : Rabs (d z) <= C) by (unfold d; apply Rabs_le; lra).
      assert (V := Rabs_triang (d z) (d y - d z)).
      replace (d z + (d y - d z)) with (d y) in V by ring.
      rewrite (Rabs_minus_sym (d y) (d z)) in V; unfold g in Q; lra. }
    destruct K as (e & E & K); destruct (H e E) as (z & Hz & Rz); exact (K z Hz Rz).
  - split.
    + intros (y & z & L & Hy & Hz); apply NNPP; intro F.
      assert (C1 : C = 0).
      { unfold C, atom, mass_at; rewrite (sum_ext _ _ (fun _ => 0)); [apply sum_zero |].
        intro j; destruct (Req_EM_T (x j) 0); [exfalso; apply F; now exists j | reflexivity]. }
      apply R1 in Hy, Hz; destruct N as [j _].
      destruct (masses_move m p x tau T P y z ltac:(lra)) as ((U & D) & SU & SD).
      fold A in U, SU; fold B in D, SD.
      destruct (Rtotal_order (x j) 0) as [X | [X | X]].
      * assert (B z < B y) by (apply SD; [now exists j | exact L]); lra.
      * apply F; now exists j.
      * assert (A y < A z) by (apply SU; [now exists j | exact L]); lra.
    + intros [j X].
      assert (C1 : 0 < C).
      { apply Rlt_le_trans with (p j); [apply P |].
        assert (G := term_le_sum m (fun i => if Req_EM_T (x i) 0 then p i else 0)); cbv beta in G.
        specialize (G ltac:(intro i; destruct (Req_EM_T (x i) 0); [left; apply P | lra]) j).
        destruct (Req_EM_T (x j) 0); [exact G | contradiction]. }
      (* an observation with |A - B| < C, and then one beside it *)
      assert (M : exists t, Rabs (A t - B t) < C).
      { destruct (below_small m p x tau T P C C1) as (T1 & P1 & H1).
        destruct (below_small m p (fun j => - x j) tau T P C C1) as (T2 & P2 & H2).
        specialize (H1 T1 ltac:(lra)); fold (B T1) in H1.
        specialize (H2 T2 ltac:(lra)).
        replace T2 with (- - T2) in H2 by ring; rewrite below_reflect in H2 by auto; fold (A (- T2)) in H2.
        assert (PA : forall t, 0 <= A t) by (intro t; apply sum_nonneg; intro i; destruct (Rlt_dec 0 (x i));
          [left; apply tilt_pos; auto | lra]).
        assert (PB : forall t, 0 <= B t) by (intro t; apply sum_nonneg; intro i; destruct (Rlt_dec (x i) 0);
          [left; apply tilt_pos; auto | lra]).
        assert (PA1 := PA T1); assert (PB1 := PB (- T2)); assert (PA2 := PA (- T2)); assert (PB2 := PB T1).
        destruct (Rlt_dec (A T1 - B T1) C) as [Q | Q]; [exists T1; apply Rabs_def1; lra |].
        destruct (Rlt_dec (- C) (A (- T2) - B (- T2))) as [Q' | Q']; [exists (- T2); apply Rabs_def1; lra |].
        destruct (balance m p x tau 0 (- T2) T1 T P ltac:(lra)) as (t & _ & E).
        - fold A B; lra.
        - fold A B; lra.
        - exists t; fold A B in E; rewrite E, Rabs_R0; exact C1. }
      destruct M as [t M].
      set (d := fun t => A t - B t); fold (d t) in M.
      assert (D : continuity_pt d t) by (apply continuity_pt_minus; [apply above_continuous | apply below_continuous]).
      destruct (D (C - Rabs (d t)) ltac:(lra)) as (e & E & K).
      exists t, (t + e / 2); split; [lra |].
      assert (Z : Rabs (d (t + e / 2) - d t) < C - Rabs (d t)).
      { apply (K (t + e / 2)); split; [split; [exact I | lra] |].
        unfold dist; simpl; unfold R_dist; replace (t + e / 2 - t) with (e / 2) by ring; rewrite Rabs_right; lra. }
      assert (V := Rabs_triang (d (t + e / 2) - d t) (d t)).
      replace (d (t + e / 2) - d t + d t) with (d (t + e / 2)) in V by ring.
      assert (W : Rabs (d (t + e / 2)) < C) by lra.
      apply Rabs_def2 in M, W; unfold d in M, W; split; apply R1; lra.
Qed.

(* Scope: the prior has finitely many atoms. *)
(** Part 2: with mass on both sides, a bounded interval; inside it 0 is the only median. *)
Theorem thm_posterior_median_2 :
  forall m (p x : vec m) (tau : R), 0 < tau -> (forall j, 0 < p j) -> (exists j, x j < 0) -> (exists j, 0 < x j) ->
  exists lo hi : R,
    mass_below (posterior tau p x lo) x 0 = 1 / 2 /\ mass_above (posterior tau p x hi) x 0 = 1 / 2 /\
    (forall y, median_zero (posterior tau p x y) x <-> lo <= y <= hi) /\
    (forall y, lo < y < hi -> unique_min (absolute_loss (posterior tau p x y) x) 0).
Proof.
  intros m p x tau T P Neg Pos.
  assert (N : exists j : Fin.t m, True) by (destruct Pos as [j _]; now exists j).
  (* the statement about one end, and its mirror image *)
  assert (End : forall u : vec m, (exists j, u j < 0) -> (exists j, 0 < u j) ->
    exists hi, above m p u tau hi = below m p u tau hi + atom m p u).
  { intros u Un Up.
    assert (A0 : 0 < above m p u tau 0 /\ 0 < below m p u tau 0).
    { destruct Un as [i Ui], Up as [j Uj]; split.
      - apply Rlt_le_trans with (tilted_masses tau p u 0 j); [now apply tilt_pos |].
        assert (G := term_le_sum m (fun i => if Rlt_dec 0 (u i) then tilted_masses tau p u 0 i else 0)); cbv beta in G.
        specialize (G ltac:(intro l; destruct (Rlt_dec 0 (u l)); [left; now apply tilt_pos | lra]) j).
        destruct (Rlt_dec 0 (u j)); [exact G | contradiction].
      - apply Rlt_le_trans with (tilted_masses tau p u 0 i); [now apply tilt_pos |].
        assert (G := term_le_sum m (fun i => if Rlt_dec (u i) 0 then tilted_masses tau p u 0 i else 0)); cbv beta in G.
        specialize (G ltac:(intro l; destruct (Rlt_dec (u l) 0); [left; now apply tilt_pos | lra]) i).
        destruct (Rlt_dec (u i) 0); [exact G | contradiction]. }
    destruct (below_small m p (fun j => - u j) tau T P (below m p u tau 0)) as (T1 & P1 & H1); [lra |].
    specialize (H1 T1 ltac:(lra)); replace T1 with (- - T1) in H1 by ring; rewrite below_reflect in H1 by auto.
    destruct (above_large m p u tau T P (below m p u tau 0 + atom m p u) Up) as (T2 & P2 & H2).
    specialize (H2 T2 ltac:(lra)).
    destruct (proj1 (masses_move m p u tau T P (- T1) 0 ltac:(lra))) as [_ B1].
    destruct (proj1 (masses_move m p u tau T P 0 T2 ltac:(lra))) as [_ B2].
    assert (C0 : 0 <= atom m p u).
    { apply sum_nonneg; intro j; destruct (Req_EM_T (u j) 0); [left; apply P | lra]. }
    destruct (balance m p u tau (atom m p u) (- T1) T2 T P ltac:(lra)) as (t & _ & E); [lra | lra |].
    exists t; lra. }
  destruct (End x Neg Pos) as [hi Hi].
  destruct (End (fun j => - x j)) as [lo' Lo].
  { destruct Pos as [j H]; exists j; lra. }
  { destruct Neg as [j H]; exists j; lra. }
  replace lo' with (- - lo') in Lo by ring; rewrite above_reflect, below_reflect in Lo by auto.
  set (lo := - lo') in *.
  replace (atom m p (fun j => - x j)) with (atom m p x) in Lo
    by (unfold atom; rewrite <- (mass_at_reflect m p x 0); now rewrite Ropp_0).
  exists lo, hi.
  assert (MM := fun y => median_masses m p x tau T P y N).
  assert (ST : forall y z, y < z -> above m p x tau y - below m p x tau y < above m p x tau z - below m p x tau z).
  { intros y z L; destruct (masses_move m p x tau T P y z ltac:(lra)) as ((U & D) & SU & _).
    assert (above m p x tau y < above m p x tau z) by now apply SU. lra. }
  assert (W : forall y, median_zero (posterior tau p x y) x <-> lo <= y <= hi).
  { intro y; destruct (MM y) as (H1 & H2 & _); unfold median_zero; rewrite H1, H2; split.
    - intros [Y1 Y2]; split; apply Rnot_lt_le; intro F; apply ST in F; lra.
    - intros [Y1 Y2].
      destruct (proj1 (masses_move m p x tau T P lo y Y1)), (proj1 (masses_move m p x tau T P y hi Y2)); lra. }
  split; [apply MM; exact Lo | split; [apply MM; exact Hi | split; [exact W |]]].
  intros y [Y1 Y2].
  assert (Q : forall j, 0 < posterior tau p x y j) by (intro j; now apply posterior_pos).
  assert (S : sum (posterior tau p x y) = 1).
  { unfold posterior; apply sum_normalized, Rgt_not_eq, sum_pos; [| exact N].
    intro j; apply Rmult_lt_0_compat; [apply P | apply exp_pos]. }
  destruct (MM y) as (H1 & H2 & H3 & H4); apply ST in Y1, Y2.
  apply prop_absolute_loss_2; [intro j; left; apply Q | exact S | |].
  - destruct (proj2 H1 ltac:(lra)) as [L | E]; [exact L | apply H3 in E; lra].
  - destruct (proj2 H2 ltac:(lra)) as [L | E]; [exact L | apply H4 in E; lra].
Qed.

(** Near miss: without an atom at 0, however close to 0 the other atoms are, there is no interval. *)
Lemma miss_thm_posterior_median_close :
  ~ (exists d : R, 0 < d /\ exists y z, y < z /\
     let x := fun j : Fin.t 2 => match proj1_sig (Fin.to_nat j) with O => - d | _ => d end in
     median_zero (posterior 1 (fun _ => 1 / 2) x y) x /\ median_zero (posterior 1 (fun _ => 1 / 2) x z) x).
Proof.
  intros (d & D & y & z & L & H).
  set (x := fun j : Fin.t 2 => match proj1_sig (Fin.to_nat j) with O => - d | _ => d end) in H.
  assert (K := thm_posterior_median_1 2 (fun _ => 1 / 2) x 1 ltac:(lra) ltac:(intro; lra) (ex_intro _ Fin.F1 I)).
  destruct K as (_ & _ & [K _]); destruct K as [j E]; [now exists y, z |].
  unfold x in E; destruct (proj1_sig (Fin.to_nat j)); lra.
Qed.

(** * The mode *)

(** The penalized objective F_y(w) = (w - y)^2/(2 tau^2) + rho(w), with rho in (-oo, oo]. *)
Definition objective (tau : R) (rho : R -> Ext) (y w : R) : Ext := ((w - y) ^ 2 / (2 * tau ^ 2) + rho w)%ext.
Definition global_zero (tau : R) (rho : R -> Ext) (y : R) : Prop :=
  forall w, (objective tau rho y 0 <= objective tau rho y w)%ext.

Lemma square_slope : forall tau y, 0 < tau -> derivative (fun w => (w - y) ^ 2 / (2 * tau ^ 2)) 0 (- (y / tau ^ 2)).
Proof.
  intros tau y T; assert (0 < tau ^ 2) by nra.
  apply polynomial_slope with (y ^ 2 / (2 * tau ^ 2)) (/ (2 * tau ^ 2)); intro h; field; lra.
Qed.

Lemma zero_interval_of : forall y (l r : Ext), zero_interval l r (- y) <-> (l <= y)%ext /\ (y <= r)%ext.
Proof.
  intros y l r; unfold zero_interval; rewrite !le_not_lt, lt_opp_r, lt_opp_l, Ropp_involutive; tauto.
Qed.

Lemma le_lt_le : forall (l r : Ext) (a b : R), (l <= a)%ext -> a < b -> (b <= r)%ext -> (l < r)%ext.
Proof.
  intros [x | |] [z | |] a b [H | H] L [K | K]; simpl in *; try contradiction; try discriminate; try exact I;
    try (injection H as H); try (injection K as K); lra.
Qed.

(** "A posterior mode rests on a kink that points down", part 1. *)
Theorem prop_posterior_mode_1 :
  forall (rho : R -> Ext) (l r : Ext) (tau : R), 0 < tau -> slope_left rho 0 l -> slope_right rho 0 r ->
  (forall y : R, (l < y / tau ^ 2)%ext -> (y / tau ^ 2 < r)%ext -> strict_local_min (objective tau rho y) 0) /\
  (forall y : R, ~ ((l <= y / tau ^ 2)%ext /\ (y / tau ^ 2 <= r)%ext) -> ~ local_min (objective tau rho y) 0) /\
  ((exists y z, y < z /\ forall t, y <= t <= z -> local_min (objective tau rho t) 0) <-> (l < r)%ext).
Proof.
  intros rho l r tau T Hl Hr; assert (T2 : 0 < tau ^ 2) by nra.
  assert (Z := fun y => thm_zero_interval _ rho _ l r (square_slope tau y T) Hl Hr).
  assert (In : forall y : R, (l < y / tau ^ 2)%ext -> (y / tau ^ 2 < r)%ext ->
    strict_local_min (objective tau rho y) 0).
  { intros y Y1 Y2; apply (proj1 (Z y)); split; [apply lt_opp_l | apply lt_opp_r]; now rewrite Ropp_involutive. }
  assert (Out : forall y : R, ~ ((l <= y / tau ^ 2)%ext /\ (y / tau ^ 2 <= r)%ext) ->
    ~ local_min (objective tau rho y) 0).
  { intros y Y; apply (proj2 (Z y)); now rewrite zero_interval_of. }
  split; [exact In | split; [exact Out |]]; split.
  - intros (y & z & L & H).
    assert (Hy := H y ltac:(lra)); assert (Hz := H z ltac:(lra)).
    assert (Ky : (l <= y / tau ^ 2)%ext) by (apply NNPP; intro F; apply (Out y); [tauto | exact Hy]).
    assert (Kz : (z / tau ^ 2 <= r)%ext) by (apply NNPP; intro F; apply (Out z); [tauto | exact Hz]).
    assert (Q : y / tau ^ 2 < z / tau ^ 2).
    { apply Rmult_lt_compat_r; [apply Rinv_0_lt_compat |]; lra. }
    exact (le_lt_le l r _ _ Ky Q Kz).
  - intro L; destruct (lt_between l r L) as (a & A1 & A2); destruct (lt_between a r A2) as (b & B1 & B2).
    exists (a * tau ^ 2), (b * tau ^ 2); split; [simpl in B1; nra |]; intros t Ht.
    assert (Q : a <= t / tau ^ 2 <= b).
    { split; apply Rmult_le_reg_r with (tau ^ 2); auto; replace (t / tau ^ 2 * tau ^ 2) with t by (field; lra); lra. }
    destruct (In t) as (d & D & M).
    + destruct l as [c | |]; simpl in *; auto; lra.
    + destruct r as [c | |]; simpl in *; auto; lra.
    + exists d; split; [exact D |]; intros u Hu; destruct (Req_EM_T u 0) as [E | Ne].
      * subst u; right; reflexivity.
      * left; apply M; auto.
Qed.

(** When 0 is a global minimum, for a penalty that is finite at 0 and nowhere -oo. *)
Lemma global_zero_iff : forall tau (rho : R -> Ext) (r0 y : R), 0 < tau -> rho 0 = Real r0 ->
  (forall w, rho w <> minus_oo) ->
  (global_zero tau rho y <-> forall w b, rho w = Real b -> y * w <= tau ^ 2 * (b - r0) + w ^ 2 / 2).
Proof.
  intros tau rho r0 y T E M; assert (T2 : 0 < tau ^ 2) by nra.
  assert (S : forall w b, (0 - y) ^ 2 / (2 * tau ^ 2) + r0 <= (w - y) ^ 2 / (2 * tau ^ 2) + b <->
            y * w <= tau ^ 2 * (b - r0) + w ^ 2 / 2).
  { intros w b.
    assert (Q : (w - y) ^ 2 / (2 * tau ^ 2) + b - ((0 - y) ^ 2 / (2 * tau ^ 2) + r0) =
      / tau ^ 2 * (tau ^ 2 * (b - r0) + w ^ 2 / 2 - y * w)) by (field; lra).
    assert (I : 0 < / tau ^ 2) by (apply Rinv_0_lt_compat; lra).
    set (v := tau ^ 2 * (b - r0) + w ^ 2 / 2 - y * w) in *.
    assert (V : 0 <= / tau ^ 2 * v <-> 0 <= v).
    { split; intro H; [| apply Rmult_le_pos; lra].
      apply Rmult_le_reg_l with (/ tau ^ 2); lra. }
    unfold v in *; lra. }
  unfold global_zero, objective; rewrite E; split.
  - intros H w b Ew; specialize (H w); rewrite Ew in H; simpl in H; apply S, le_fin; exact H.
  - intros H w; destruct (rho w) as [b | |] eqn:Ew.
    + simpl; apply le_fin, S, H; exact Ew.
    + left; exact I.
    + exfalso; now apply (M w).
Qed.

(** Part 2: an interval (first line), closed (second), within that of part 1 (third). *)
Theorem prop_posterior_mode_2 :
  forall (rho : R -> Ext) (l r : Ext) (tau : R), 0 < tau -> (forall w, rho w <> minus_oo) ->
  slope_left rho 0 l -> slope_right rho 0 r ->
  (forall y z t, global_zero tau rho y -> global_zero tau rho z -> y <= t <= z -> global_zero tau rho t) /\
  (forall y, (forall e, 0 < e -> exists z, Rabs (z - y) < e /\ global_zero tau rho z) -> global_zero tau rho y) /\
  (forall y, global_zero tau rho y -> (l <= y / tau ^ 2)%ext /\ (y / tau ^ 2 <= r)%ext).
Proof.
  intros rho l r tau T M Hl Hr.
  destruct (Hl) as (r0 & E & _).
  assert (G := fun y => global_zero_iff tau rho r0 y T E M).
  split; [| split].
  - intros y z t Hy Hz Ht; apply G; intros w b Ew.
    assert (K1 := proj1 (G y) Hy w b Ew); assert (K2 := proj1 (G z) Hz w b Ew).
    destruct (Rle_dec 0 w); nra.
  - intros y H; apply G; intros w b Ew; apply Rnot_lt_le; intro F.
    set (v := tau ^ 2 * (b - r0) + w ^ 2 / 2) in *.
    assert (P := Rabs_pos w).
    destruct (H ((y * w - v) / (Rabs w + 1))) as (z & Hz & Gz); [apply Rdiv_lt_0_compat; lra |].
    assert (K := proj1 (G z) Gz w b Ew); fold v in K.
    assert (Q : Rabs ((z - y) * w) < y * w - v).
    { rewrite Rabs_mult; apply Rle_lt_trans with (Rabs (z - y) * (Rabs w + 1)).
      - apply Rmult_le_compat_l; [apply Rabs_pos | lra].
      - replace (y * w - v) with ((y * w - v) / (Rabs w + 1) * (Rabs w + 1)) by (field; lra).
        apply Rmult_lt_compat_r; lra. }
    apply Rabs_def2 in Q; lra.
  - intros y Hy; apply NNPP; intro F.
    apply (proj1 (proj2 (prop_posterior_mode_1 rho l r tau T Hl Hr)) y F).
    exists 1; split; [lra |]; intros u _; apply Hy.
Qed.

Lemma global_reflect : forall tau (rho : R -> Ext) y,
  global_zero tau (fun u => rho (- u)) y -> global_zero tau rho (- y).
Proof.
  intros tau rho y H w; specialize (H (- w)); unfold objective in *.
  rewrite Ropp_involutive, Ropp_0 in H.
  replace ((0 - - y) ^ 2) with ((0 - y) ^ 2) by ring; replace ((w - - y) ^ 2) with ((- w - y) ^ 2) by ring; exact H.
Qed.

(** A penalty that is least at 0 and rises to the right: an interval of observations y >= 0. *)
Lemma rest_right : forall (rho : R -> Ext) (r : Ext) (tau : R), 0 < tau -> (forall w, (rho 0 <= rho w)%ext) ->
  slope_right rho 0 r -> (0 < r)%ext -> exists y, 0 < y /\ forall t, 0 <= t <= y -> global_zero tau rho t.
Proof.
  intros rho r tau T Least (r0 & E & H) R0; assert (T2 : 0 < tau ^ 2) by nra.
  assert (M : forall w, rho w <> minus_oo).
  { intros w F; specialize (Least w); rewrite E, F in Least; destruct Least as [[] | D]; discriminate. }
  destruct (lt_between 0 r R0) as (c & C1 & C2); simpl in C1.
  destruct (proj1 (H c) C2) as (d & D & K).
  exists (Rmin (c * tau ^ 2) (d / 2)); split; [apply Rmin_pos; nra |]; intros t Ht.
  generalize (Rmin_l (c * tau ^ 2) (d / 2)) (Rmin_r (c * tau ^ 2) (d / 2)); intros M1 M2.
  apply (global_zero_iff tau rho r0 t T E M); intros w b Ew.
  assert (B : r0 <= b) by (specialize (Least w); rewrite E, Ew in Least; apply le_fin; exact Least).
  assert (S : 0 <= tau ^ 2 * (b - r0)) by (apply Rmult_le_pos; lra).
  destruct (Rle_dec w 0) as [N | P]; [nra |]; apply Rnot_le_lt in P.
  destruct (Rlt_dec w d) as [L | L]; [| nra].
  specialize (K w ltac:(lra)); rewrite Rplus_0_l, Ew in K; simpl in K.
  assert (Q : c * w < b - r0).
  { apply Rmult_lt_reg_r with (/ w); [now apply Rinv_0_lt_compat |].
    replace (c * w * / w) with c by (field; lra); exact K. }
  assert (V : tau ^ 2 * (c * w) <= tau ^ 2 * (b - r0)) by (apply Rmult_le_compat_l; lra).
  assert (U : t * w <= c * tau ^ 2 * w) by (apply Rmult_le_compat_r; lra).
  nra.
Qed.

(** Part 3. *)
Theorem prop_posterior_mode_3 :
  forall (rho : R -> Ext) (l r : Ext) (tau : R), 0 < tau -> slope_left rho 0 l -> slope_right rho 0 r ->
  (forall w, (rho 0 <= rho w)%ext) ->
  ((exists y z, y < z /\ global_zero tau rho y /\ global_zero tau rho z) <-> (l < r)%ext).
Proof.
  intros rho l r tau T Hl Hr Least.
  assert (M : forall w, rho w <> minus_oo).
  { intros w F; destruct Hl as (r0 & E & _); specialize (Least w); rewrite E, F in Least.
    destruct Least as [[] | D]; discriminate. }
  split.
  - intros (y & z & L & Gy & Gz).
    apply (proj2 (proj2 (prop_posterior_mode_1 rho l r tau T Hl Hr))).
    exists y, z; split; [exact L |]; intros t Ht.
    exists 1; split; [lra |]; intros u _.
    apply (proj1 (prop_posterior_mode_2 rho l r tau T M Hl Hr) y z t Gy Gz Ht).
  - intro L.
    assert (C : (0 < r)%ext \/ (l < 0)%ext).
    { destruct (lt_total 0 r) as [C | [C | C]]; [now left | right; now subst r | right].
      destruct l as [a | |], r as [b | |]; simpl in *; auto; try contradiction; lra. }
    destruct C as [C | C].
    + destruct (rest_right rho r tau T Least Hr C) as (y & Y & G).
      exists 0, y; split; [exact Y | split; apply G; lra].
    + destruct (rest_right (fun u => rho (- u)) (ext_opp l) tau T) as (y & Y & G).
      * intro w; rewrite Ropp_0; apply Least.
      * now apply slope_reflect_0.
      * apply lt_opp_r; now rewrite Ropp_0.
      * exists (- y), 0; split; [lra | split].
        -- apply global_reflect, G; lra.
        -- replace 0 with (- 0) by ring; apply global_reflect, G; lra.
Qed.

(** Near miss: a kink that points up, as that of - |w|. *)
Lemma miss_prop_posterior_mode_up :
  ~ (exists y z, y < z /\ forall t, y <= t <= z -> local_min (objective 1 (fun w => -1 * Rabs w) t) 0).
Proof.
  destruct (slopes_abs (-1)) as [Hl Hr]; intro H.
  apply (proj2 (proj2 (prop_posterior_mode_1 _ _ _ 1 ltac:(lra) Hl Hr))) in H; simpl in H; lra.
Qed.

(** * A mean is a mode under another penalty *)

(* Scope: of the posterior mean only this is used, which the theorem on posterior means provides: it is strictly
   increasing, and its values form an interval. *)
(** "A mean is a mode under another, smooth, penalty." *)
Theorem prop_mean_is_map :
  forall (m theta phi : R -> R) (tau : R), 0 < tau ->
  (forall y z, y < z -> m y < m z) -> (forall y z x, m y <= x <= m z -> exists t, x = m t) ->
  (forall y, theta (m y) = y) ->
  (forall y, derivative phi (m y) ((theta (m y) - m y) / tau ^ 2)) ->
  forall y z, z <> y -> (m y - y) ^ 2 / (2 * tau ^ 2) + phi (m y) < (m z - y) ^ 2 / (2 * tau ^ 2) + phi (m z).
Proof.
  intros m theta phi tau T Inc Range Inv D y z Hz; assert (T2 : 0 < tau ^ 2) by nra.
  set (F := fun x => (x - y) ^ 2 / (2 * tau ^ 2) + phi x); set (F' := fun x => (theta x - y) / tau ^ 2).
  assert (DF : forall t, derivative F (m t) (F' (m t))).
  { intro t; unfold F'.
    replace ((theta (m t) - y) / tau ^ 2) with ((m t - y) / tau ^ 2 + (theta (m t) - m t) / tau ^ 2) by (field; lra).
    apply (derivable_pt_lim_plus (fun x => (x - y) ^ 2 / (2 * tau ^ 2)) phi); [| apply D].
    replace ((m t - y) / tau ^ 2) with (- y / tau ^ 2 + 2 * / (2 * tau ^ 2) * m t) by (field; lra).
    apply quadratic_derivative with (y ^ 2 / (2 * tau ^ 2)); intro h; field; lra. }
  assert (Sign : forall s t, s < t -> 0 < (t - s) / tau ^ 2) by (intros; apply Rdiv_lt_0_compat; lra).
  assert (Between : forall a b, m a < m b -> exists t, F (m b) - F (m a) = F' (m t) * (m b - m a) /\ a < t < b).
  { intros a b L; destruct (MVT_cor2 F F' (m a) (m b) L) as (x & E & Hx).
    - intros x Hx; destruct (Range a b x Hx) as (t & ->); apply DF.
    - destruct (Range a b x ltac:(lra)) as (t & ->); exists t; split; [exact E |].
      split; apply Rnot_le_lt; intros [K | K]; try (apply Inc in K; lra); subst; lra. }
  fold (F (m y)) (F (m z)); destruct (Rtotal_order z y) as [L | [E | L]]; [| contradiction |].
  - destruct (Between z y (Inc z y L)) as (t & E & Ht); unfold F' in E; rewrite Inv in E.
    assert (K := Sign t y ltac:(lra)); assert (M := Inc z y L).
    replace ((t - y) / tau ^ 2) with (- ((y - t) / tau ^ 2)) in E by (field; lra); nra.
  - destruct (Between y z (Inc y z L)) as (t & E & Ht); unfold F' in E; rewrite Inv in E.
    assert (K := Sign y t ltac:(lra)); assert (M := Inc y z L); nra.
Qed.

(** Near miss: the derivative not divided by the noise variance.  Noise of variance 4, the mean y/2. *)
Lemma miss_prop_mean_is_map_variance :
  ~ (forall (m theta phi : R -> R) (tau : R), 0 < tau ->
     (forall y z, y < z -> m y < m z) -> (forall y z x, m y <= x <= m z -> exists t, x = m t) ->
     (forall y, theta (m y) = y) -> (forall y, derivative phi (m y) (theta (m y) - m y)) ->
     forall y z, z <> y -> (m y - y) ^ 2 / (2 * tau ^ 2) + phi (m y) < (m z - y) ^ 2 / (2 * tau ^ 2) + phi (m z)).
Proof.
  intro H; specialize (H (fun y => y / 2) (fun x => 2 * x) (fun x => x ^ 2 / 2) 2 ltac:(lra) ltac:(intros; lra)).
  cbv beta in H.
  assert (K : (2 / 2 - 2) ^ 2 / (2 * 2 ^ 2) + (2 / 2) ^ 2 / 2 < (1 / 2 - 2) ^ 2 / (2 * 2 ^ 2) + (1 / 2) ^ 2 / 2).
  { apply (H ltac:(intros y z x _; exists (2 * x); field) ltac:(intro; field)); [| lra].
    intro y; replace (2 * (y / 2) - y / 2) with (0 + 2 * / 2 * (y / 2)) by field.
    apply quadratic_derivative with 0; intro h; field. }
  lra.
Qed.
