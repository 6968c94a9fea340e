(** The statements of the chapter "Zeros by multiplication". *)
Require Import Basics Convexity SecondOrder.

(** * The least of the factors *)

Fixpoint product_of {n} : vec n -> R :=
  match n with
  | O => fun _ => 1
  | S m => fun f => f Fin.F1 * product_of (fun j => f (Fin.FS j))
  end.

Lemma prod_ext : forall n (f g : vec n), (forall j, f j = g j) -> product_of f = product_of g.
Proof. intros n f g H; f_equal; now apply functional_extensionality. Qed.
Lemma prod_mult : forall n (f g : vec n), product_of (fun j => f j * g j) = product_of f * product_of g.
Proof. induction n; intros f g; cbn [product_of]; [ring |]; rewrite IHn; ring. Qed.
Lemma prod_const : forall n a, product_of (fun _ : Fin.t n => a) = a ^ n.
Proof. induction n; intro a; cbn [product_of pow]; [reflexivity |]; now rewrite IHn. Qed.
Lemma prod_not_zero : forall n (f : vec n), product_of f <> 0 -> forall j, f j <> 0.
Proof.
  induction n; intros f H j; [inversion j |]; cbn [product_of] in H.
  pattern j; apply Fin.caseS'; [intro E; apply H; rewrite E; ring |].
  intro i; apply (IHn (fun j => f (Fin.FS j))); intro E; apply H; rewrite E; ring.
Qed.
Lemma prod_pos : forall n (f : vec n), (forall j, 0 < f j) -> 0 < product_of f.
Proof. induction n; intros f H; cbn [product_of]; [lra |]; apply Rmult_lt_0_compat; auto. Qed.
Lemma ln_prod : forall n (f : vec n), (forall j, 0 < f j) -> ln (product_of f) = sum (fun j => ln (f j)).
Proof.
  induction n; intros f H; cbn [product_of sum]; [apply ln_1 |].
  rewrite ln_mult; [| apply H | apply prod_pos; auto]. now rewrite (IHn (fun j => f (Fin.FS j))).
Qed.
Lemma ln_tangent : forall x, 0 < x -> ln x <= x - 1 /\ (ln x = x - 1 -> x = 1).
Proof.
  intros x H; destruct (Req_dec (ln x) 0) as [E | N].
  - assert (K := exp_ln x H); rewrite E, exp_0 in K; split; [| intros _]; lra.
  - assert (K := exp_ineq1 (ln x) N); rewrite exp_ln in K by exact H; split; [| intro]; lra.
Qed.
Lemma sum_nonneg_zero : forall n (f : vec n), (forall j, 0 <= f j) -> sum f = 0 -> forall j, f j = 0.
Proof. intros n f H E j; generalize (term_le_sum n f H j) (H j); lra. Qed.

(** "Many factors": k factors with product w have at least k/2 |w|^(2/k) for half the sum of their squares, with
    equality exactly if they are of equal size, and there are such factors. |w|^(1/k) is t: t >= 0 and t^k = |w|. *)
Theorem prop_many_factors :
  forall (k : nat) (w t : R), (0 < k)%nat -> 0 <= t -> t ^ k = Rabs w ->
  (exists u : vec k, product_of u = w /\ forall j, Rabs (u j) = t) /\
  (forall u : vec k, product_of u = w ->
     INR k / 2 * t ^ 2 <= sum (fun j => u j ^ 2) / 2 /\
     (sum (fun j => u j ^ 2) / 2 = INR k / 2 * t ^ 2 <-> forall j, Rabs (u j) = t)).
Proof.
  intros k w t Hk Ht Et.
  assert (Same : forall u : vec k, (forall j, Rabs (u j) = t) -> sum (fun j => u j ^ 2) / 2 = INR k / 2 * t ^ 2).
  { intros u H. rewrite (sum_ext _ _ (fun _ => t ^ 2)); [rewrite sum_const; lra |].
    intro j; rewrite <- (H j); symmetry; apply pow2_abs. }
  split.
  - destruct k as [| k]; [lia |].
    set (s := if Rle_dec 0 w then 1 else -1).
    exists (fun j => if Fin.eq_dec j Fin.F1 then s * t else t); split.
    + cbn [product_of]; destruct (Fin.eq_dec Fin.F1 Fin.F1) as [_ | N]; [| now destruct N].
      rewrite (prod_ext _ _ (fun _ => t)); [| intro j; destruct (Fin.eq_dec (Fin.FS j) Fin.F1) as [E | _];
        [inversion E | reflexivity]].
      rewrite prod_const; cbn [pow] in Et; unfold s; destruct (Rle_dec 0 w) as [P | N].
      * rewrite Rabs_right in Et by lra; lra.
      * rewrite Rabs_left in Et by lra; lra.
    + intro j; destruct (Fin.eq_dec j Fin.F1) as [_ | _]; [| apply Rabs_right; lra].
      unfold s; rewrite Rabs_mult, (Rabs_right t) by lra.
      destruct (Rle_dec 0 w); [rewrite Rabs_R1 | rewrite Rabs_left by lra]; ring.
  - intros u Eu.
    assert (Key : INR k / 2 * t ^ 2 <= sum (fun j => u j ^ 2) / 2 /\
                  (sum (fun j => u j ^ 2) / 2 = INR k / 2 * t ^ 2 -> forall j, Rabs (u j) = t));
      [| destruct Key as [A B]; split; [exact A | split; [exact B | apply Same]]].
    destruct (Req_dec t 0) as [E0 | N0].
    + rewrite E0; assert (P : 0 <= sum (fun j => u j ^ 2)) by (apply sum_nonneg; intro; apply pow2_ge_0).
      split; [lra |]; intros E j.
      assert (Z := sum_nonneg_zero _ (fun j => u j ^ 2) (fun j => pow2_ge_0 _) ltac:(lra) j); cbv beta in Z.
      destruct (Req_dec (u j) 0) as [-> | N]; [apply Rabs_R0 | generalize (square_pos _ N); lra].
    + assert (Tp : 0 < t) by lra. assert (T2 : 0 < t ^ 2) by (apply pow_lt; lra).
      assert (Wp : product_of u <> 0).
      { rewrite Eu; intro Z; rewrite Z, Rabs_R0 in Et; generalize (pow_lt t k Tp); lra. }
      set (x := fun j => (u j * u j) * / t ^ 2).
      assert (Px : forall j, 0 < x j).
      { intro j; unfold x; apply Rmult_lt_0_compat; [| now apply Rinv_0_lt_compat].
        replace (u j * u j) with (u j ^ 2) by ring; apply square_pos; now apply prod_not_zero. }
      assert (One : product_of x = 1).
      { unfold x; rewrite (prod_mult k (fun j => u j * u j) (fun _ => / t ^ 2)), (prod_mult k u u), prod_const, Eu.
        replace (w * w) with (w ^ 2) by ring.
        rewrite <- pow2_abs, <- Et, pow_inv, <- !pow_mult, Nat.mul_comm; apply Rinv_r, pow_nonzero; lra. }
      assert (Ln : sum (fun j => ln (x j)) = 0) by (rewrite <- ln_prod by exact Px; rewrite One; apply ln_1).
      assert (Gap : sum (fun j => u j ^ 2) = t ^ 2 * (INR k + sum (fun j => x j + - 1 * (1 + ln (x j))))).
      { rewrite sum_plus, sum_scal, sum_plus, sum_const, Ln, <- (Rplus_0_r (INR k * 1)).
        rewrite (sum_ext _ (fun j => u j ^ 2) (fun j => t ^ 2 * x j)) by (intro j; unfold x; field; lra).
        rewrite sum_scal; ring. }
      assert (Nn : forall j, 0 <= x j + - 1 * (1 + ln (x j))) by (intro j; generalize (proj1 (ln_tangent _ (Px j)));
          lra).
      assert (Sn := sum_nonneg _ _ Nn).
      set (s := sum (fun j => x j + - 1 * (1 + ln (x j)))) in *.
      split; [rewrite Gap; nra |]; intros E j.
      assert (Z : s = 0) by (rewrite Gap in E; nra).
      assert (Zj := sum_nonneg_zero _ _ Nn Z j); cbv beta in Zj.
      assert (X1 := proj2 (ln_tangent _ (Px j)) ltac:(lra)); unfold x in X1.
      assert (Uj : u j ^ 2 = t ^ 2).
      { replace (u j ^ 2) with (u j * u j * / t ^ 2 * t ^ 2) by (field; lra); rewrite X1; ring. }
      assert (Ra := Rabs_pos (u j)); rewrite <- (pow2_abs (u j)) in Uj; nra.
Qed.

(** Near miss: without the factor k.  Two factors of 1 have half the sum 1, above |w|^(2/k) / 2. *)
Lemma miss_prop_many_factors_constant :
  ~ (forall (k : nat) (w t : R), (0 < k)%nat -> 0 <= t -> t ^ k = Rabs w ->
     exists u : vec k, product_of u = w /\ sum (fun j => u j ^ 2) / 2 = 1 / 2 * t ^ 2).
Proof.
  intro H; destruct (H 2%nat 1 1) as (u & P & S); [lia | lra | rewrite Rabs_R1; lra |].
  simpl in P, S; set (a := u Fin.F1) in *; set (b := u (Fin.FS Fin.F1)) in *; nra.
Qed.

(** * Minima of the factors and minima of the product *)

Definition hadamard {n} (u v : vec n) : vec n := fun j => u j * v j.
(** The two factors of each weight are of equal size. *)
Definition balanced {n} (u v : vec n) : Prop := forall j, Rabs (u j) = Rabs (v j).

Section Factors.
Variables (n : nat) (L : vec n -> R) (beta : R).
Hypothesis beta_pos : 0 < beta.
Definition with_l1 (w : vec n) : R := L w + beta * sum (fun j => Rabs (w j)).
Definition with_decay (u v : vec n) : R :=
  L (hadamard u v) + beta / 2 * (sum (fun j => u j ^ 2) + sum (fun j => v j ^ 2)).

Lemma decay_gap : forall u v,
  with_decay u v = with_l1 (hadamard u v) + beta / 2 * sum (fun j => (Rabs (u j) - Rabs (v j)) ^ 2).
Proof.
  intros u v; unfold with_decay, with_l1.
  rewrite (sum_ext _ (fun j => (Rabs (u j) - Rabs (v j)) ^ 2)
    (fun j => u j ^ 2 + (v j ^ 2 + - 2 * Rabs (hadamard u v j)))).
  - rewrite !sum_plus, sum_scal; field.
  - intro j; unfold hadamard; rewrite Rabs_mult, <- (pow2_abs (u j)), <- (pow2_abs (v j)); ring.
Qed.
Lemma gap_squares : forall u v : vec n, 0 <= sum (fun j => (Rabs (u j) - Rabs (v j)) ^ 2).
Proof. intros; apply sum_nonneg; intro; apply pow2_ge_0. Qed.
Lemma decay_above : forall u v, with_l1 (hadamard u v) <= with_decay u v.
Proof. intros u v; rewrite decay_gap; generalize (gap_squares u v); nra. Qed.
Lemma decay_balanced : forall u v, balanced u v -> with_decay u v = with_l1 (hadamard u v).
Proof.
  intros u v B; rewrite decay_gap, (sum_ext _ _ (fun _ => 0)); [rewrite sum_zero; ring |].
  intro j; rewrite (B j); ring.
Qed.
Lemma decay_strictly_above : forall u v, ~ balanced u v -> with_l1 (hadamard u v) < with_decay u v.
Proof.
  intros u v N; rewrite decay_gap.
  assert (P : 0 < sum (fun j => (Rabs (u j) - Rabs (v j)) ^ 2)); [| nra].
  destruct (Rle_lt_or_eq_dec _ _ (gap_squares u v)) as [P | E]; [exact P | exfalso; apply N; intro j].
  assert (Z := sum_nonneg_zero _ _ (fun j => pow2_ge_0 (Rabs (u j) - Rabs (v j))) (eq_sym E) j); cbv beta in Z.
  destruct (Req_dec (Rabs (u j) - Rabs (v j)) 0) as [Q | Q]; [lra | generalize (square_pos _ Q); lra].
Qed.

(** Balanced factors of w' that are close to u and v if w' is close to their product. *)
Definition side (x : R) : R := if Rle_dec 0 x then 1 else -1.
Lemma side_one : forall x, side x = 1 /\ 0 <= x \/ side x = -1 /\ x < 0.
Proof. intro x; unfold side; destruct (Rle_dec 0 x); [left | right]; lra. Qed.
Definition first_factor (u w' : R) : R := side u * sqrt (Rabs w').
Definition second_factor (u w' : R) : R := side u * side w' * sqrt (Rabs w').

Lemma root_square : forall x, sqrt (Rabs x) * sqrt (Rabs x) = Rabs x.
Proof. intro x; apply sqrt_sqrt, Rabs_pos. Qed.
Lemma factors_of : forall u w', first_factor u w' * second_factor u w' = w' /\ Rabs (first_factor u w') = Rabs
    (second_factor u w').
Proof.
  intros u w'; unfold first_factor, second_factor; assert (S := root_square w'); assert (P := sqrt_pos (Rabs w')).
  set (r := sqrt (Rabs w')) in *; split.
  - assert (side u * r * (side u * side w' * r) = side u * side u * side w' * (r * r)) as -> by ring; rewrite S.
    destruct (side_one u) as [[-> _] | [-> _]]; destruct (side_one w') as [[-> Q] | [-> Q]];
      (rewrite Rabs_right by lra) || (rewrite Rabs_left by lra); ring.
  - rewrite !Rabs_mult; destruct (side_one w') as [[-> _] | [-> _]];
      [rewrite Rabs_R1 | rewrite (Rabs_left (-1)) by lra]; ring.
Qed.
Lemma factors_close : forall u v w', Rabs u = Rabs v ->
  let d := sqrt (Rabs (w' - u * v)) in Rabs (first_factor u w' - u) <= 2 * d /\ Rabs (second_factor u w' - v) <= 2 * d.
Proof.
  intros u v w' B d; unfold first_factor, second_factor.
  assert (S := root_square w'); assert (P := sqrt_pos (Rabs w')); set (a := sqrt (Rabs w')) in *.
  assert (D := root_square (w' - u * v)); assert (Q := sqrt_pos (Rabs (w' - u * v))); fold d in D, Q.
  assert (U : u = side u * Rabs u).
  { destruct (side_one u) as [[-> H] | [-> H]]; [rewrite Rabs_right by lra | rewrite Rabs_left by lra]; ring. }
  set (b := Rabs u) in *; assert (Pb : 0 <= b) by apply Rabs_pos.
  assert (V : v = side v * b).
  { rewrite B; destruct (side_one v) as [[-> H] | [-> H]]; [rewrite Rabs_right by lra | rewrite Rabs_left by lra];
      ring. }
  assert (W : w' = side w' * (a * a)).
  { rewrite S; destruct (side_one w') as [[-> H] | [-> H]];
      [rewrite Rabs_right by lra | rewrite Rabs_left by lra]; ring. }
  assert (Sq : forall y, side y * side y = 1) by (intro y; destruct (side_one y) as [[-> _] | [-> _]]; ring).
  assert (Sg : forall y z, Rabs (side y * z) = Rabs z).
  { intros y z; rewrite Rabs_mult; destruct (side_one y) as [[-> _] | [-> _]];
      [rewrite Rabs_R1 | rewrite (Rabs_left (-1)) by lra]; ring. }
  assert (Near : Rabs (a - b) <= d /\ (side w' = - (side u * side v) -> a + b <= 2 * d)).
  { assert (E : w' - u * v = side w' * (a * a) - side u * side v * (b * b)) by (rewrite W at 1; rewrite U, V at 1;
      ring).
    rewrite E in D.
    assert (K : Rabs (a * a - b * b) <= d * d /\ (side w' = - (side u * side v) -> a * a + b * b <= d * d)).
    { destruct (side_one w') as [[Ew _] | [Ew _]], (side_one u) as [[Eu _] | [Eu _]], (side_one v) as [[Ev _] | [Ev _]];
        rewrite Ew, Eu, Ev in *; rewrite D; split; try (intro; exfalso; lra); unfold Rabs;
        repeat destruct Rcase_abs; try intro; nra. }
    destruct K as [K1 K2]; split.
    - assert (K := abs_between (a * a - b * b)); apply Rabs_le; split; apply Rnot_lt_le; intro; nra.
    - intro H; specialize (K2 H); apply Rnot_lt_le; intro N; generalize (pow2_ge_0 (a - b)); nra. }
  destruct Near as [Na Nb]; split.
  - rewrite U at 2; replace (side u * a - side u * b) with (side u * (a - b)) by ring; rewrite Sg; lra.
  - destruct (Req_dec b 0) as [Zb | Zb].
    + rewrite V, Zb; replace (side u * side w' * a - side v * 0) with (side u * (side w' * a)) by ring.
      rewrite !Sg; rewrite Zb, Rminus_0_r in Na; lra.
    + destruct (Req_dec (side w') (side u * side v)) as [E | E].
      * rewrite V, E; replace (side u * (side u * side v) * a - side v * b) with (side u * side u * side v * a - side
          v * b)
          by ring; rewrite Sq; replace (1 * side v * a - side v * b) with (side v * (a - b)) by ring; rewrite Sg; lra.
      * assert (E' : side w' = - (side u * side v)).
        { destruct (side_one w') as [[F _] | [F _]], (side_one u) as [[G _] | [G _]], (side_one v) as [[H _] | [H _]];
            rewrite F, G, H in *; lra. }
        specialize (Nb E'); rewrite V, E'.
        replace (side u * - (side u * side v) * a - side v * b) with (side v * - (side u * side u * a + b)) by ring.
        rewrite Sq, Sg, Rabs_Ropp, Rabs_right; lra.
Qed.

(** Factors of different size can be brought closer in size, a little, with the same product. *)
Lemma shrink_first : forall x y eps, 0 < eps -> Rabs y < Rabs x ->
  exists x' y', Rabs (x' - x) < eps /\ Rabs (y' - y) < eps /\ x' * y' = x * y /\ x' ^ 2 + y' ^ 2 < x ^ 2 + y ^ 2.
Proof.
  intros x y eps He H; assert (Py := Rabs_pos y).
  set (a := Rabs x) in *; set (b := Rabs y) in *; assert (Pa : 0 < a) by lra.
  set (e := Rmin (1 / 2) (Rmin (eps / (4 * a)) ((a - b) / (2 * a)))).
  assert (Pe : 0 < e) by (unfold e; repeat apply Rmin_pos; try lra; apply Rdiv_lt_0_compat; lra).
  assert (E1 : e <= 1 / 2) by apply Rmin_l.
  assert (E2 : e * a <= eps / 4).
  { apply Rle_trans with (eps / (4 * a) * a); [| right; field; lra].
    apply Rmult_le_compat_r; [lra |]; apply Rle_trans with (1 := Rmin_r _ _), Rmin_l. }
  assert (E3 : e * a <= (a - b) / 2).
  { apply Rle_trans with ((a - b) / (2 * a) * a); [| right; field; lra].
    apply Rmult_le_compat_r; [lra |]; apply Rle_trans with (1 := Rmin_r _ _), Rmin_r. }
  set (t := 1 - e); assert (Pt : 1 / 2 <= t < 1) by (unfold t; lra).
  assert (Ti : / t <= 2) by (replace 2 with (/ (1 / 2)) by field; apply Rinv_le_contravar; lra).
  assert (Tp : 0 < / t) by (apply Rinv_0_lt_compat; lra).
  exists (t * x), (/ t * y); split; [| split; [| split]].
  - replace (t * x - x) with (- (e * x)) by (unfold t; ring); rewrite Rabs_Ropp, Rabs_mult, (Rabs_right e) by lra.
    fold a; lra.
  - replace (/ t * y - y) with (/ t * (e * y)) by (replace e with (1 - t) by (unfold t; ring); field; lra).
    rewrite !Rabs_mult, (Rabs_right (/ t)), (Rabs_right e) by lra; fold b.
    assert (0 <= e * b <= e * a) by nra; nra.
  - field; lra.
  - rewrite <- (pow2_abs x), <- (pow2_abs y), !Rpow_mult_distr, <- (pow2_abs x), <- (pow2_abs y); fold a b.
    assert (Q : b < t * a) by (unfold t; lra).
    set (r := / t) in *; assert (R : t * r = 1) by (unfold r; field; lra).
    assert (B : r * b < a) by nra.
    assert (C : t ^ 2 * a ^ 2 + r ^ 2 * b ^ 2 - (a ^ 2 + b ^ 2) = (1 - t ^ 2) * ((r * b) ^ 2 - a ^ 2)).
    { replace ((1 - t ^ 2) * ((r * b) ^ 2 - a ^ 2)) with (r ^ 2 * b ^ 2 - (t * r) ^ 2 * b ^ 2 - a ^ 2 + t ^ 2 * a ^ 2)
        by ring.
      rewrite R; ring. }
    assert (0 < 1 - t ^ 2) by nra. assert ((r * b) ^ 2 < a ^ 2) by (assert (0 <= r * b) by nra; nra). nra.
Qed.
Lemma shrink : forall x y eps, 0 < eps -> Rabs x <> Rabs y ->
  exists x' y', Rabs (x' - x) < eps /\ Rabs (y' - y) < eps /\ x' * y' = x * y /\ x' ^ 2 + y' ^ 2 < x ^ 2 + y ^ 2.
Proof.
  intros x y eps He H; destruct (Rlt_or_le (Rabs y) (Rabs x)) as [K | K]; [now apply shrink_first |].
  destruct (shrink_first y x eps He) as (y' & x' & A & B & C & D); [lra |].
  exists x', y'; repeat split; auto; lra.
Qed.

(** Two points (u, v) and (u', v'): near, and equal. *)
Definition local_min_factors (u v : vec n) : Prop :=
  exists eps, 0 < eps /\ forall u' v', near eps u u' -> near eps v v' -> with_decay u v <= with_decay u' v'.
Definition strict_local_min_factors (u v : vec n) : Prop :=
  exists eps, 0 < eps /\ forall u' v', near eps u u' -> near eps v v' -> (u', v') <> (u, v) ->
  with_decay u v < with_decay u' v'.
Definition global_min_factors (u v : vec n) : Prop := forall u' v', with_decay u v <= with_decay u' v'.

Lemma lift : forall u v w' : vec n, balanced u v ->
  exists u' v', hadamard u' v' = w' /\ balanced u' v' /\
  forall j, Rabs (u' j - u j) <= 2 * sqrt (Rabs (w' j - u j * v j)) /\
            Rabs (v' j - v j) <= 2 * sqrt (Rabs (w' j - u j * v j)).
Proof.
  intros u v w' B; exists (fun j => first_factor (u j) (w' j)), (fun j => second_factor (u j) (w' j)); split; [| split].
  - apply functional_extensionality; intro j; apply factors_of.
  - intro j; apply factors_of.
  - intro j; apply factors_close, B.
Qed.
Lemma some_factors : forall w : vec n, exists u v, hadamard u v = w /\ balanced u v.
Proof.
  intro w; destruct (lift (fun _ => 0) (fun _ => 0) w) as (u & v & E & B & _); [intro; reflexivity |].
  now exists u, v.
Qed.
Lemma lift_near : forall (u v w' : vec n) eps, 0 < eps -> balanced u v -> near (eps ^ 2 / 4) (hadamard u v) w' ->
  exists u' v', hadamard u' v' = w' /\ balanced u' v' /\ near eps u u' /\ near eps v v'.
Proof.
  intros u v w' eps He B N; destruct (lift u v w' B) as (u' & v' & E & B' & C).
  exists u', v'; split; [exact E | split; [exact B' |]].
  assert (S : forall j, 2 * sqrt (Rabs (w' j - u j * v j)) < eps).
  { intro j; specialize (N j); unfold hadamard in N.
    assert (Q := sqrt_pos (Rabs (w' j - u j * v j))); assert (R := root_square (w' j - u j * v j)).
    set (q := sqrt (Rabs (w' j - u j * v j))) in *; nra. }
  split; intro j; destruct (C j); specialize (S j); lra.
Qed.

Lemma local_min_balanced : forall u v, local_min_factors u v -> balanced u v.
Proof.
  intros u v (eps & He & M) j; destruct (Req_dec (Rabs (u j)) (Rabs (v j))) as [E | N]; [exact E | exfalso].
  destruct (shrink (u j) (v j) eps He N) as (x & y & A & B & P & S).
  set (u' := step u j (x - u j)). set (v' := step v j (y - v j)).
  assert (U : u' j = x) by (unfold u'; rewrite step_same; ring).
  assert (V : v' j = y) by (unfold v'; rewrite step_same; ring).
  assert (K : with_decay u v <= with_decay u' v').
  { apply M; intro i; destruct (Fin.eq_dec i j) as [-> | Ni]; try (rewrite U || rewrite V; assumption);
      unfold u', v'; rewrite step_other by exact Ni; rewrite Rminus_diag_eq, Rabs_R0 by reflexivity; exact He. }
  assert (E : hadamard u' v' = hadamard u v).
  { apply functional_extensionality; intro i; unfold hadamard; destruct (Fin.eq_dec i j) as [-> | Ni];
      [rewrite U, V; exact P | unfold u', v'; rewrite !step_other by exact Ni; reflexivity]. }
  unfold with_decay in K; rewrite E in K.
  assert (Su := sum_one n (fun j => u' j ^ 2) (fun j => u j ^ 2) j).
  assert (Sv := sum_one n (fun j => v' j ^ 2) (fun j => v j ^ 2) j).
  cbv beta in Su, Sv; rewrite U in Su; rewrite V in Sv.
  rewrite <- (Rplus_minus (sum (fun j => u j ^ 2)) (sum (fun j => u' j ^ 2))) in K.
  rewrite <- (Rplus_minus (sum (fun j => v j ^ 2)) (sum (fun j => v' j ^ 2))) in K.
  rewrite Su, Sv in K; [nra | |]; intros i Ni; unfold u', v'; rewrite step_other by exact Ni; reflexivity.
Qed.

Lemma product_near : forall (u v : vec n) eps, 0 < eps -> exists d, 0 < d /\
  forall u' v', near d u u' -> near d v v' -> near eps (hadamard u v) (hadamard u' v').
Proof.
  intros u v eps He; set (M := sum (fun j => Rabs (u j)) + sum (fun j => Rabs (v j)) + 1).
  assert (Au : forall j, Rabs (u j) <= sum (fun j => Rabs (u j)))
    by (apply (term_le_sum n (fun j => Rabs (u j))); intro; apply Rabs_pos).
  assert (Av : forall j, Rabs (v j) <= sum (fun j => Rabs (v j)))
    by (apply (term_le_sum n (fun j => Rabs (v j))); intro; apply Rabs_pos).
  assert (Pu : 0 <= sum (fun j => Rabs (u j))) by (apply sum_nonneg; intro; apply Rabs_pos).
  assert (Pv : 0 <= sum (fun j => Rabs (v j))) by (apply sum_nonneg; intro; apply Rabs_pos).
  assert (PM : 1 <= M) by (unfold M; lra).
  set (d := Rmin 1 (eps / (2 * M))).
  assert (Hd : 0 < d) by (apply Rmin_pos; [lra | apply Rdiv_lt_0_compat; lra]).
  assert (D1 : d <= 1) by apply Rmin_l.
  assert (D2 : d * M <= eps / 2).
  { apply Rle_trans with (eps / (2 * M) * M); [apply Rmult_le_compat_r; [lra | apply Rmin_r] | right; field; lra]. }
  exists d; split; [exact Hd |]; intros u' v' Nu Nv j; specialize (Nu j); specialize (Nv j); unfold hadamard.
  replace (u' j * v' j - u j * v j) with ((u' j - u j) * (v' j - v j) + (u j * (v' j - v j) + v j * (u' j - u j))) by
      ring.
  apply Rle_lt_trans with (d * M); [| lra].
  apply Rle_trans with (1 := Rabs_triang _ _); apply Rle_trans with (d * 1 + d * (M - 1)); [| right; ring].
  apply Rplus_le_compat.
  - rewrite Rabs_mult; apply Rmult_le_compat; try apply Rabs_pos; lra.
  - apply Rle_trans with (1 := Rabs_triang _ _); rewrite !Rabs_mult.
    assert (Rabs (u j) * Rabs (v' j - v j) <= Rabs (u j) * d) by (apply Rmult_le_compat_l; [apply Rabs_pos | lra]).
    assert (Rabs (v j) * Rabs (u' j - u j) <= Rabs (v j) * d) by (apply Rmult_le_compat_l; [apply Rabs_pos | lra]).
    assert ((Rabs (u j) + Rabs (v j)) * d <= (M - 1) * d).
    { apply Rmult_le_compat_r; [lra |]; unfold M; generalize (Au j) (Av j); lra. }
    lra.
Qed.

(** Balanced factors with the same product are far from each other. *)
Lemma balanced_alone : forall u v : vec n, balanced u v -> exists d, 0 < d /\ forall u' v' : vec n,
  near d u u' -> balanced u' v' -> hadamard u' v' = hadamard u v -> (u', v') = (u, v).
Proof.
  intros u v B; destruct (least n (fun j => if Req_EM_T (u j) 0 then 1 else Rabs (u j))) as (d & Hd & K).
  { intro j; destruct (Req_EM_T (u j) 0); [lra | now apply Rabs_pos_lt]. }
  exists d; split; [exact Hd |]; intros u' v' N B' E.
  assert (Ej : forall j, u' j = u j /\ v' j = v j).
  { intro j; specialize (K j); specialize (N j); specialize (B j); specialize (B' j).
    assert (P : u' j * v' j = u j * v j) by (change (hadamard u' v' j = hadamard u v j); now rewrite E).
    assert (S : Rabs (u' j) = Rabs (u j)).
    { assert (Q : Rabs (u' j) * Rabs (u' j) = Rabs (u j) * Rabs (u j)).
      { rewrite B' at 2; rewrite B at 2; rewrite <- !Rabs_mult; now rewrite P. }
      generalize (Rabs_pos (u' j)) (Rabs_pos (u j)); nra. }
    assert (Same : u' j = u j).
    { destruct (Req_EM_T (u j) 0) as [Z | Z].
      - rewrite Z, Rabs_R0 in S; rewrite Z; destruct (Req_dec (u' j) 0) as [Y | Y]; [exact Y |].
        generalize (Rabs_pos_lt _ Y); lra.
      - unfold Rabs in *; repeat destruct Rcase_abs; lra. }
    split; [exact Same |].
    destruct (Req_dec (u j) 0) as [Z | Z].
    - assert (Zv : forall a b, Rabs a = Rabs b -> a = 0 -> b = 0).
      { intros a b F G; rewrite G, Rabs_R0 in F; destruct (Req_dec b 0) as [Y | Y]; [exact Y |].
        generalize (Rabs_pos_lt _ Y); lra. }
      rewrite (Zv _ _ B Z), (Zv (u' j) (v' j) B'); lra.
    - rewrite Same in P; apply Rmult_eq_reg_l with (u j); assumption. }
  f_equal; apply functional_extensionality; intro j; apply Ej.
Qed.
End Factors.

(** "Minima of the factors", for global, local and strict local minima.  L is any function. *)
Theorem thm_factors_1 :
  forall n (L : vec n -> R) (beta : R), 0 < beta ->
  (forall u v, global_min_factors n L beta u v <-> balanced u v /\ global_min (with_l1 n L beta) (hadamard u v)) /\
  (forall w, exists u v : vec n, hadamard u v = w /\ balanced u v).
Proof.
  intros n L beta Hb; split; [| apply some_factors].
  intros u v; split.
  - intro M; assert (B : balanced u v).
    { apply (local_min_balanced n L beta Hb); exists 1; split; [lra |]; intros u' v' _ _; apply M. }
    split; [exact B |]; intro w'; destruct (some_factors n w') as (u' & v' & E & B').
    rewrite <- (decay_balanced n L beta u v B), <- E, <- (decay_balanced n L beta u' v' B'); apply M.
  - intros [B M] u' v'; rewrite (decay_balanced n L beta u v B).
    apply Rle_trans with (2 := decay_above n L beta Hb u' v'); apply M.
Qed.

Theorem thm_factors_2 :
  forall n (L : vec n -> R) (beta : R), 0 < beta -> forall u v,
  local_min_factors n L beta u v <-> balanced u v /\ local_min_n (fun w => with_l1 n L beta w) (hadamard u v).
Proof.
  intros n L beta Hb u v; split.
  - intro M; assert (B := local_min_balanced n L beta Hb u v M); split; [exact B |].
    destruct M as (eps & He & M); exists (eps ^ 2 / 4); split; [nra |]; intros w' N; apply le_fin.
    destruct (lift_near n u v w' eps He B N) as (u' & v' & E & B' & Nu & Nv).
    rewrite <- (decay_balanced n L beta u v B), <- E, <- (decay_balanced n L beta u' v' B'); now apply M.
  - intros [B (eps & He & M)]; destruct (product_near n u v eps He) as (d & Hd & N).
    exists d; split; [exact Hd |]; intros u' v' Nu Nv; rewrite (decay_balanced n L beta u v B).
    apply Rle_trans with (2 := decay_above n L beta Hb u' v'); apply le_fin, M, N; assumption.
Qed.

Theorem thm_factors_3 :
  forall n (L : vec n -> R) (beta : R), 0 < beta -> forall u v,
  strict_local_min_factors n L beta u v <->
  balanced u v /\ strict_local_min_n (fun w => with_l1 n L beta w) (hadamard u v).
Proof.
  intros n L beta Hb u v; split.
  - intros (eps & He & M).
    assert (Loc : local_min_factors n L beta u v).
    { exists eps; split; [exact He |]; intros u' v' Nu Nv.
      destruct (classic ((u', v') = (u, v))) as [E | E]; [injection E as -> ->; lra | left; now apply M]. }
    assert (B := local_min_balanced n L beta Hb u v Loc); split; [exact B |].
    exists (eps ^ 2 / 4); split; [nra |]; intros w' N Ne.
    destruct (lift_near n u v w' eps He B N) as (u' & v' & E & B' & Nu & Nv).
    change (with_l1 n L beta (hadamard u v) < with_l1 n L beta w').
    rewrite <- (decay_balanced n L beta u v B), <- E, <- (decay_balanced n L beta u' v' B'); apply M; auto.
    intro F; apply Ne; injection F as -> ->; now rewrite <- E.
  - intros [B (eps & He & M)]; destruct (product_near n u v eps He) as (d & Hd & N).
    destruct (balanced_alone n u v B) as (d' & Hd' & A).
    exists (Rmin d d'); split; [now apply Rmin_pos |]; intros u' v' Nu Nv Ne; rewrite (decay_balanced n L beta u v B).
    assert (Lu : near d u u' /\ near d' u u' /\ near d v v').
    { repeat split; intro j; [specialize (Nu j) | specialize (Nu j) | specialize (Nv j)];
        generalize (Rmin_l d d') (Rmin_r d d'); lra. }
    destruct Lu as (N1 & N2 & N3).
    destruct (classic (hadamard u' v' = hadamard u v)) as [E | E].
    + rewrite <- E; apply decay_strictly_above; [exact Hb |]; intro B'; apply Ne; now apply A.
    + apply Rlt_le_trans with (2 := decay_above n L beta Hb u' v'); apply M; [now apply N | exact E].
Qed.

(** Near miss: a minimum of the factors without equal sizes. Without decay, beta = 0, every pair of factors of a
    minimum will do. *)
Lemma miss_thm_factors_no_decay :
  ~ (forall n (L : vec n -> R) (beta : R), 0 <= beta -> forall u v,
     global_min_factors n L beta u v -> balanced u v).
Proof.
  intro H; specialize (H 1%nat (fun _ => 0) 0 (Rle_refl 0) (fun _ => 1) (fun _ => 0)).
  assert (B : balanced (fun _ : Fin.t 1 => 1) (fun _ => 0)).
  { apply H; intros u' v'; unfold with_decay; lra. }
  specialize (B Fin.F1); cbv beta in B; rewrite Rabs_R1, Rabs_R0 in B; lra.
Qed.

(** * Stationary points *)

Lemma squares_step : forall n (u : vec n) i h,
  sum (fun j => step u i h j ^ 2) = sum (fun j => u j ^ 2) + 2 * u i * h + h ^ 2.
Proof.
  intros n u i h; assert (K := sum_one n (fun j => step u i h j ^ 2) (fun j => u j ^ 2) i); cbv beta in K.
  rewrite step_same in K; rewrite <- (Rplus_minus (sum (fun j => u j ^ 2)) (sum (fun j => step u i h j ^ 2))), K;
    [ring |]. intros j Nj; now rewrite step_other.
Qed.
Lemma product_step_first : forall n (u v : vec n) i h, hadamard (step u i h) v = step (hadamard u v) i (h * v i).
Proof.
  intros; apply functional_extensionality; intro j; unfold hadamard, step; destruct (Fin.eq_dec j i) as [-> | _]; ring.
Qed.
Lemma product_sym : forall n (u v : vec n), hadamard u v = hadamard v u.
Proof. intros; apply functional_extensionality; intro; unfold hadamard; ring. Qed.
Lemma decay_sym : forall n (L : vec n -> R) beta u v, with_decay n L beta u v = with_decay n L beta v u.
Proof. intros; unfold with_decay; rewrite product_sym; ring. Qed.
Lemma decay_slope : forall n (L : vec n -> R) beta (u v : vec n) i g, partial L i (hadamard u v) g ->
  derivative (fun h => with_decay n L beta (step u i h) v) 0 (g * v i + beta * u i).
Proof.
  intros n L beta u v i g D.
  replace (fun h => with_decay n L beta (step u i h) v) with
    (fun h => L (step (hadamard u v) i (h * v i)) +
              (beta / 2 * (sum (fun j => u j ^ 2) + sum (fun j => v j ^ 2)) + beta * u i * h + beta / 2 * h ^ 2)).
  - apply (derivable_pt_lim_plus (fun h => L (step (hadamard u v) i (h * v i)))).
    + apply (derivable_pt_lim_comp (fun h => h * v i) (fun h => L (step (hadamard u v) i h))).
      * apply polynomial_slope with 0 0; intro; ring.
      * rewrite Rmult_0_l; exact D.
    + apply polynomial_slope with (beta / 2 * (sum (fun j => u j ^ 2) + sum (fun j => v j ^ 2))) (beta / 2); intro;
        ring.
  - apply functional_extensionality; intro h; unfold with_decay; rewrite product_step_first, squares_step; field.
Qed.

(** All partial derivatives of the objective of the factors vanish. *)
Definition stationary_factors {n} (L : vec n -> R) (beta : R) (u v : vec n) : Prop := forall i,
  derivative (fun h => with_decay n L beta (step u i h) v) 0 0 /\
  derivative (fun h => with_decay n L beta u (step v i h)) 0 0.

(** "Stationary points of the factors", part 1: each weight has two factors of zero, or is stationary for L1. *)
Theorem prop_factor_saddles_1 :
  forall n (L : vec n -> R) (beta : R) (u v g : vec n), 0 < beta -> (forall i, partial L i (hadamard u v) (g i)) ->
  (stationary_factors L beta u v <->
   forall i, u i = 0 /\ v i = 0 \/
             Rabs (u i) = Rabs (v i) /\ u i <> 0 /\ g i = - beta * sign (hadamard u v i)).
Proof.
  intros n L beta u v g Hb D.
  assert (Du := fun i => decay_slope n L beta u v i (g i) (D i)).
  assert (Dv : forall i, derivative (fun h => with_decay n L beta u (step v i h)) 0 (g i * u i + beta * v i)).
  { intro i; replace (fun h => with_decay n L beta u (step v i h)) with (fun h => with_decay n L beta (step v i h) u)
      by (apply functional_extensionality; intro; apply decay_sym).
    apply decay_slope; rewrite product_sym; apply D. }
  assert (Eq : stationary_factors L beta u v <-> forall i, g i * v i + beta * u i = 0 /\ g i * u i + beta * v i = 0).
  { split; intros S i; specialize (S i).
    - destruct S as [A B]; split; [apply (uniqueness_limite _ _ _ _ (Du i) A) | apply (uniqueness_limite _ _ _ _ (Dv
        i) B)].
    - destruct S as [A B]; assert (X := Du i); assert (Y := Dv i); rewrite A in X; rewrite B in Y; now split. }
  rewrite Eq; split; intros S i; specialize (S i); unfold hadamard.
  - destruct S as [A B]; destruct (Req_dec (u i) 0) as [Z | Z].
    + left; split; [exact Z |]; rewrite Z in B; assert (beta * v i = 0) by lra.
      destruct (Rmult_integral _ _ H); lra.
    + right; assert (Sq : u i * u i = v i * v i).
      { assert (beta * (u i * u i - v i * v i) = 0)
          by (replace (beta * (u i * u i - v i * v i)) with ((g i * v i + beta * u i) * u i - (g i * u i + beta * v i)
              * v i)
              by ring; rewrite A, B; ring).
        destruct (Rmult_integral _ _ H); lra. }
      assert (Ab : Rabs (u i) = Rabs (v i)) by (unfold Rabs; repeat destruct Rcase_abs; nra).
      split; [exact Ab | split; [exact Z |]].
      assert (C : v i = u i \/ v i = - u i) by (unfold Rabs in Ab; repeat destruct Rcase_abs; lra).
      assert (P : 0 < u i * u i) by nra.
      destruct C as [C | C]; rewrite C in *.
      * rewrite sign_pos by exact P; apply Rmult_eq_reg_l with (u i); [lra | exact Z].
      * rewrite sign_neg by nra; apply Rmult_eq_reg_l with (u i); [lra | exact Z].
  - destruct S as [[-> ->] | (Ab & Z & G)]; [split; ring |].
    assert (C : v i = u i \/ v i = - u i) by (unfold Rabs in Ab; repeat destruct Rcase_abs; lra).
    assert (P : 0 < u i * u i) by nra. unfold hadamard in G.
    destruct C as [C | C]; rewrite C in *; rewrite G;
      [rewrite sign_pos by exact P | rewrite sign_neg by nra]; split; ring.
Qed.

(** Part 2: where both factors are zero and the slope is outside of the zero interval, the objective falls, as fast as
    a square, along a diagonal. *)
Theorem prop_factor_saddles_2 :
  forall n (L : vec n -> R) (beta : R) (u v : vec n) (i : Fin.t n) (g : R),
  0 < beta -> partial L i (hadamard u v) g -> u i = 0 -> v i = 0 -> beta < Rabs g ->
  exists c d, 0 < c /\ 0 < d /\ forall t, 0 < t < d ->
  with_decay n L beta (step u i t) (step v i (- sign g * t)) <= with_decay n L beta u v - c * t ^ 2.
Proof.
  intros n L beta u v i g Hb D Zu Zv Hg.
  set (c := (Rabs g - beta) / 2); assert (Hc : 0 < c) by (unfold c; lra).
  destruct (D c Hc) as [[d Hd] K]; simpl in K.
  set (e := Rmin 1 d); assert (He : 0 < e) by (apply Rmin_pos; lra).
  exists c, e; split; [exact Hc | split; [exact He |]]; intros t Ht.
  assert (Sg : sign g * sign g = 1 /\ g * sign g = Rabs g).
  { destruct (Rlt_or_le 0 g) as [P | N]; [rewrite sign_pos, Rabs_right by lra; lra |].
    rewrite sign_neg, Rabs_left; try lra; unfold Rabs in Hg; destruct Rcase_abs; lra. }
  destruct Sg as [S1 S2]; set (s := sign g) in *.
  set (h := - s * t ^ 2).
  assert (Ep : hadamard (step u i t) (step v i (- s * t)) = step (hadamard u v) i h).
  { apply functional_extensionality; intro j; unfold hadamard, step, h; destruct (Fin.eq_dec j i) as [-> | _];
      [rewrite Zu, Zv; ring | reflexivity]. }
  unfold with_decay; rewrite Ep, !squares_step, Zu, Zv.
  assert (T2 : 0 < t ^ 2 < d).
  { assert (t < 1) by (apply Rlt_le_trans with e; [lra | apply Rmin_l]).
    assert (t < d) by (apply Rlt_le_trans with e; [lra | apply Rmin_r]). nra. }
  assert (Eh : Rabs h = t ^ 2).
  { unfold h; rewrite Rabs_mult, Rabs_Ropp, (Rabs_right (t ^ 2)) by lra.
    assert (Rabs s = 1) by (generalize (Rabs_pos s) (Rabs_mult s s); rewrite S1, Rabs_R1; nra). rewrite H; ring. }
  assert (Nh : h <> 0) by (intro Z; rewrite Z, Rabs_R0 in Eh; lra).
  specialize (K h Nh ltac:(rewrite Eh; lra)); rewrite Rplus_0_l, step_0 in K.
  set (w := hadamard u v) in *; set (q := (L (step w i h) - L w) / h - g) in *.
  assert (El : L (step w i h) - L w = g * h + q * h) by (unfold q; field; exact Nh).
  assert (Q : q * h <= c * t ^ 2).
  { apply Rle_trans with (1 := Rle_abs _); rewrite Rabs_mult, Eh; apply Rmult_le_compat_r; lra. }
  assert (Gh : g * h = - Rabs g * t ^ 2) by (unfold h; rewrite <- S2; ring).
  assert (Sv : (- s * t) ^ 2 = t ^ 2) by (replace ((- s * t) ^ 2) with (s * s * t ^ 2) by ring; rewrite S1; ring).
  rewrite Sv; unfold c in Q |- *; nra.
Qed.

(** Part 3: with a convex loss all other stationary points are global minima. *)
Theorem prop_factor_saddles_3 :
  forall n (L : vec n -> R) (beta : R) (u v g : vec n), 0 < beta -> (forall i, partial L i (hadamard u v) (g i)) ->
  convex_n L -> stationary_factors L beta u v -> (forall i, u i = 0 -> v i = 0 -> Rabs (g i) <= beta) ->
  global_min_factors n L beta u v.
Proof.
  intros n L beta u v g Hb D C S Z.
  assert (P := proj1 (prop_factor_saddles_1 n L beta u v g Hb D) S).
  apply (proj1 (thm_factors_1 n L beta Hb)); split.
  - intro i; destruct (P i) as [[-> ->] | (A & _)]; [reflexivity | exact A].
  - intro x; unfold with_l1; set (w := hadamard u v) in *.
    assert (G := gradient_inequality n L w g C D x).
    assert (T : sum (fun j => beta * Rabs (w j)) <= sum (fun j => beta * Rabs (x j) + g j * (x j - w j))).
    { apply sum_le; intro j; assert (Ax := abs_between (x j)).
      destruct (P j) as [[Zu Zv] | (_ & Nz & Gj)].
      - specialize (Z j Zu Zv); assert (Wj : w j = 0) by (unfold w, hadamard; rewrite Zu; ring).
        rewrite Wj, Rabs_R0; assert (Ag := Rle_abs (- (g j * x j))); rewrite Rabs_Ropp, Rabs_mult in Ag.
        assert (Rabs (g j) * Rabs (x j) <= beta * Rabs (x j)) by (apply Rmult_le_compat_r; [apply Rabs_pos | lra]); lra.
      - rewrite Gj; destruct (Rtotal_order (w j) 0) as [Q | [Q | Q]].
        + rewrite sign_neg, (Rabs_left (w j)) by exact Q; nra.
        + rewrite Q, sign_0, Rabs_R0; nra.
        + rewrite sign_pos, (Rabs_right (w j)) by lra; nra. }
    rewrite sum_plus, !sum_scal in T; lra.
Qed.

(** Near miss: at the edge, |g| = beta, no direction falls.  L(w) = -w with beta = 1. *)
Lemma miss_prop_factor_saddles_edge :
  ~ (forall n (L : vec n -> R) (beta : R) (u v : vec n) (i : Fin.t n) (g : R),
     0 < beta -> partial L i (hadamard u v) g -> u i = 0 -> v i = 0 -> beta <= Rabs g ->
     exists x y, with_decay n L beta x y < with_decay n L beta u v).
Proof.
  intro H; destruct (H 1%nat (fun w => - w Fin.F1) 1 (fun _ => 0) (fun _ => 0) Fin.F1 (-1)) as (x & y & K); try lra.
  - apply polynomial_slope with 0 0; intro h; rewrite step_same; unfold hadamard; ring.
  - rewrite Rabs_left; lra.
  - unfold with_decay, hadamard in K; simpl in K.
    generalize (pow2_ge_0 (x Fin.F1 - y Fin.F1)); simpl; lra.
Qed.

(** * Gradient descent on two factors *)

(** Both factors of one weight step down their slopes; g k is the slope of the loss at step k, whatever it depends on.
    *)
Definition descent (s beta : R) (g u v : nat -> R) : Prop := forall k,
  u (S k) = u k - s * (beta * u k + g k * v k) /\ v (S k) = v k - s * (beta * v k + g k * u k).

(** "Gradient descent on factors", part 1: sum and difference shrink by factors of their own. *)
Theorem prop_never_arrives_1 :
  forall s beta g u v, descent s beta g u v -> forall k,
  u (S k) + v (S k) = (1 - s * (beta + g k)) * (u k + v k) /\
  u (S k) - v (S k) = (1 - s * (beta - g k)) * (u k - v k) /\
  u k * v k = ((u k + v k) ^ 2 - (u k - v k) ^ 2) / 4.
Proof. intros s beta g u v D k; destruct (D k) as [-> ->]; repeat split; field. Qed.

(** Part 2: from factors of equal size other than zero, no weight becomes zero or changes its sign. *)
Theorem prop_never_arrives_2 :
  forall s beta g u v, descent s beta g u v -> (forall k, s * (beta + Rabs (g k)) < 1) -> 0 < s -> 0 < beta ->
  Rabs (u 0%nat) = Rabs (v 0%nat) -> u 0%nat <> 0 ->
  forall k, Rabs (u k) = Rabs (v k) /\ 0 < (u 0%nat * v 0%nat) * (u k * v k).
Proof.
  intros s beta g u v D Hs Ps Pb B N.
  assert (F : forall k, 0 < 1 - s * (beta + g k) /\ 0 < 1 - s * (beta - g k)).
  { intro k; specialize (Hs k); assert (A := abs_between (g k)); split; nra. }
  assert (C : v 0%nat = u 0%nat \/ v 0%nat = - u 0%nat) by (unfold Rabs in B; repeat destruct Rcase_abs; lra).
  assert (I : forall k, 0 < u 0%nat * u k /\ (v 0%nat = u 0%nat -> v k = u k) /\ (v 0%nat = - u 0%nat -> v k = - u k)).
  { induction k as [| k (I1 & I2 & I3)]; [split; [nra | tauto] |].
    destruct (prop_never_arrives_1 s beta g u v D k) as (Es & Ed & _); destruct (F k) as [F1 F2].
    split; [| split].
    - destruct C as [E | E]; [rewrite (I2 E) in Es, Ed | rewrite (I3 E) in Es, Ed].
      + assert (u (S k) = (1 - s * (beta + g k)) * u k) as -> by lra; nra.
      + assert (u (S k) = (1 - s * (beta - g k)) * u k) as -> by lra; nra.
    - intro E; rewrite (I2 E) in Ed; lra.
    - intro E; rewrite (I3 E) in Es; lra. }
  intro k; destruct (I k) as (I1 & I2 & I3); destruct C as [E | E].
  - rewrite (I2 E), E; split; [reflexivity | nra].
  - rewrite (I3 E), E, Rabs_Ropp; split; [reflexivity | nra].
Qed.

(** Part 3: under a constant slope the weight is a difference of two geometric sequences. *)
Theorem prop_never_arrives_3 :
  forall s beta g0 u v, descent s beta (fun _ => g0) u v -> forall k,
  u k * v k = ((u 0%nat + v 0%nat) ^ 2 * (1 - s * (beta + g0)) ^ (2 * k)
               - (u 0%nat - v 0%nat) ^ 2 * (1 - s * (beta - g0)) ^ (2 * k)) / 4.
Proof.
  intros s beta g0 u v D k.
  assert (I : u k + v k = (1 - s * (beta + g0)) ^ k * (u 0%nat + v 0%nat) /\
              u k - v k = (1 - s * (beta - g0)) ^ k * (u 0%nat - v 0%nat)).
  { induction k as [| k [I1 I2]]; [simpl; lra |].
    destruct (prop_never_arrives_1 _ _ _ _ _ D k) as (-> & -> & _); rewrite I1, I2; simpl; lra. }
  destruct I as [I1 I2]; replace (u k * v k) with (((u k + v k) ^ 2 - (u k - v k) ^ 2) / 4) by field.
  rewrite I1, I2, !Rpow_mult_distr, <- !pow_mult, (Nat.mul_comm k 2); field.
Qed.

(** Near miss: factors of different size can meet zero.  With s = 1/4, beta = g = 1 they do in one step. *)
Lemma miss_prop_never_arrives_unbalanced :
  ~ (forall s beta g u v, descent s beta g u v -> (forall k, s * (beta + Rabs (g k)) < 1) -> 0 < s -> 0 < beta ->
     u 0%nat * v 0%nat <> 0 -> forall k, u k * v k <> 0).
Proof.
  intro H.
  set (u := fun k => (2 * (1 / 2) ^ k + 1) / 2). set (v := fun k => (2 * (1 / 2) ^ k - 1) / 2).
  apply (H (1 / 4) 1 (fun _ => 1) u v) with 1%nat; unfold u, v; simpl; try lra.
  - intro k; simpl; split; field.
  - intro; rewrite Rabs_R1; lra.
Qed.

(** * Units of a network *)

(** Bring two sums of squares closer, with t and 1/t as near to 1 as one likes. *)
Lemma scale : forall A B e, 0 <= B -> B < A -> 0 < e ->
  exists t, 1 / 2 <= t < 1 /\ 1 - t <= e /\ t ^ 2 * A + (/ t) ^ 2 * B < A + B.
Proof.
  intros A B e PB AB He.
  set (x := Rmin (1 / 2) (Rmin e ((A - B) / (2 * A)))).
  assert (Px : 0 < x) by (unfold x; repeat apply Rmin_pos; try lra; apply Rdiv_lt_0_compat; lra).
  assert (X1 : x <= 1 / 2) by apply Rmin_l.
  assert (X2 : x <= e) by (apply Rle_trans with (1 := Rmin_r _ _), Rmin_l).
  assert (X3 : x * A <= (A - B) / 2).
  { apply Rle_trans with ((A - B) / (2 * A) * A); [| right; field; lra].
    apply Rmult_le_compat_r; [lra |]; apply Rle_trans with (1 := Rmin_r _ _), Rmin_r. }
  set (t := 1 - x); assert (Ht : 1 / 2 <= t < 1) by (unfold t; lra).
  exists t; split; [exact Ht | split; [unfold t; lra |]].
  assert (Q : B < t ^ 2 * A).
  { assert (t ^ 2 * A - B = A - B - 2 * (x * A) + x ^ 2 * A) by (unfold t; ring). assert (0 < x ^ 2 * A) by (apply
      Rmult_lt_0_compat; [apply pow_lt |]; lra). lra. }
  set (r := / t); assert (R : t * r = 1) by (unfold r; field; lra).
  assert (Rp : 0 < r) by (apply Rinv_0_lt_compat; lra).
  assert (W : r ^ 2 * B < A).
  { assert (E : r ^ 2 * (t ^ 2 * A) = A) by (replace (r ^ 2 * (t ^ 2 * A)) with ((t * r) ^ 2 * A) by ring; rewrite R;
      ring).
    apply Rlt_le_trans with (2 := Req_le _ _ E); apply Rmult_lt_compat_l; [apply pow_lt; exact Rp | exact Q]. }
  assert (t ^ 2 * A + r ^ 2 * B - (A + B) = (1 - t ^ 2) * (r ^ 2 * B - A)).
  { replace ((1 - t ^ 2) * (r ^ 2 * B - A)) with (r ^ 2 * B - (t * r) ^ 2 * B - A + t ^ 2 * A) by ring; rewrite R;
      ring. }
  assert (0 < 1 - t ^ 2) by nra; nra.
Qed.

Lemma near_scaled : forall n (a : vec n) eps, 0 < eps -> exists e, 0 < e /\ forall t, Rabs (t - 1) <= 2 * e ->
  near eps a (fun j => t * a j).
Proof.
  intros n a eps He; set (M := sum (fun j => Rabs (a j)) + 1).
  assert (P : 0 <= sum (fun j => Rabs (a j))) by (apply sum_nonneg; intro; apply Rabs_pos).
  assert (PM : 1 <= M) by (unfold M; lra).
  exists (eps / (4 * M)); split; [apply Rdiv_lt_0_compat; lra |]; intros t Ht j.
  replace (t * a j - a j) with ((t - 1) * a j) by ring; rewrite Rabs_mult.
  assert (A : Rabs (a j) <= M).
  { unfold M; generalize (term_le_sum n (fun j => Rabs (a j)) (fun j => Rabs_pos _) j); cbv beta; lra. }
  apply Rle_lt_trans with (2 * (eps / (4 * M)) * M).
  - apply Rmult_le_compat; try apply Rabs_pos; assumption.
  - replace (2 * (eps / (4 * M)) * M) with (eps / 2) by (field; lra); lra.
Qed.

Lemma squares_scaled : forall n (a : vec n) t, sum (fun j => (t * a j) ^ 2) = t ^ 2 * sum (fun j => a j ^ 2).
Proof. intros; rewrite <- sum_scal; apply sum_ext; intro; ring. Qed.

(* Scope: part 1, for one unit, the others held; of the loss only this is used: it does not change if a is multiplied by
   t > 0 and b divided by t. *)
Theorem prop_units_1 :
  forall m d (loss : vec m -> vec d -> R) (lam : R) (a : vec m) (b : vec d), 0 < lam ->
  (forall a b t, 0 < t -> loss (fun j => t * a j) (fun j => / t * b j) = loss a b) ->
  (exists eps, 0 < eps /\ forall a' b', near eps a a' -> near eps b b' ->
     loss a b + lam / 2 * (sum (fun j => a j ^ 2) + sum (fun j => b j ^ 2)) <=
     loss a' b' + lam / 2 * (sum (fun j => a' j ^ 2) + sum (fun j => b' j ^ 2))) ->
  norm a = norm b.
Proof.
  intros m d loss lam a b Hl Inv (eps & He & M).
  set (A := sum (fun j => a j ^ 2)) in *. set (B := sum (fun j => b j ^ 2)) in *.
  assert (PA : 0 <= A) by (apply sum_nonneg; intro; apply pow2_ge_0).
  assert (PB : 0 <= B) by (apply sum_nonneg; intro; apply pow2_ge_0).
  destruct (near_scaled m a eps He) as (e1 & He1 & N1). destruct (near_scaled d b eps He) as (e2 & He2 & N2).
  set (e := Rmin e1 e2); assert (Pe : 0 < e) by now apply Rmin_pos.
  assert (E1 : e <= e1) by apply Rmin_l. assert (E2 : e <= e2) by apply Rmin_r.
  assert (Inverse : forall t, 1 / 2 <= t < 1 -> 1 - t <= e -> Rabs (t - 1) <= 2 * e /\ Rabs (/ t - 1) <= 2 * e).
  { intros t Ht Et; split; [rewrite Rabs_left; lra |].
    assert (T : / t <= 2) by (replace 2 with (/ (1 / 2)) by field; apply Rinv_le_contravar; lra).
    replace (/ t - 1) with (/ t * (1 - t)) by (field; lra).
    assert (0 < / t) by (apply Rinv_0_lt_compat; lra). rewrite Rabs_right; nra. }
  unfold norm; fold A B; f_equal.
  destruct (Rtotal_order A B) as [C | [C | C]]; [exfalso | exact C | exfalso].
  - destruct (scale B A e PA C Pe) as (t & Ht & Et & S); destruct (Inverse t Ht Et) as [I1 I2].
    assert (K := M (fun j => / t * a j) (fun j => / / t * b j)).
    rewrite Inv in K by (apply Rinv_0_lt_compat; lra). rewrite Rinv_inv in K.
    rewrite !squares_scaled in K; fold A B in K.
    specialize (K ltac:(apply N1; lra) ltac:(apply N2; lra)); nra.
  - destruct (scale A B e PB C Pe) as (t & Ht & Et & S); destruct (Inverse t Ht Et) as [I1 I2].
    assert (K := M (fun j => t * a j) (fun j => / t * b j)).
    rewrite Inv in K by lra; rewrite !squares_scaled in K; fold A B in K.
    specialize (K ltac:(apply N1; lra) ltac:(apply N2; lra)); nra.
Qed.

(** Near miss: a loss that changes with the scale.  (a - 1)^2 + a^2 + b^2 is least at a = 1/2, b = 0. *)
Lemma miss_prop_units_scale :
  ~ (forall m d (loss : vec m -> vec d -> R) (lam : R) (a : vec m) (b : vec d), 0 < lam ->
     (forall a' b', loss a b + lam / 2 * (sum (fun j => a j ^ 2) + sum (fun j => b j ^ 2)) <=
        loss a' b' + lam / 2 * (sum (fun j => a' j ^ 2) + sum (fun j => b' j ^ 2))) ->
     norm a = norm b).
Proof.
  intro H; specialize (H 1%nat 1%nat (fun a _ => (a Fin.F1 - 1) ^ 2) 2 (fun _ => 1 / 2) (fun _ => 0) ltac:(lra)).
  assert (E : norm (fun _ : Fin.t 1 => 1 / 2) = norm (fun _ : Fin.t 1 => 0)).
  { apply H; intros a' b'; simpl; set (x := a' Fin.F1); set (y := b' Fin.F1).
    generalize (pow2_ge_0 (x - 1 / 2)) (pow2_ge_0 y); simpl; lra. }
  unfold norm in E; simpl in E.
  assert (K : 1 / 2 * (1 / 2 * 1) + 0 = 0 * (0 * 1) + 0) by (apply sqrt_inj; lra). lra.
Qed.

(** What the network predicts at the m rows of X with a unit of weights a and b; p0 are the predictions without it. *)
Definition unit_output {m d} (X : matrix m d) (b : vec d) : vec m := fun x => Rmax (dot (X x) b) 0.
Definition with_unit {m d} (X : matrix m d) (p0 : vec m) (a : R) (b : vec d) : vec m :=
  fun x => p0 x + a * unit_output X b x.
Definition unit_objective {m d} (X : matrix m d) (loss : vec m -> R) (lam : R) (p0 : vec m) (a : R) (b : vec d) : R :=
  loss (with_unit X p0 a b) + lam / 2 * (a ^ 2 + sum (fun j => b j ^ 2)).
(** A function of m variables is differentiable at p with gradient r. *)
Definition has_gradient {m} (f : vec m -> R) (p r : vec m) : Prop :=
  forall eps, 0 < eps -> exists e, 0 < e /\ forall q, near e p q ->
  Rabs (f q - f p - dot r (minus q p)) <= eps * norm (minus q p).

Lemma norm_nonneg : forall n (b : vec n), 0 <= norm b.
Proof. intros; apply sqrt_pos. Qed.
Lemma norm_square : forall n (b : vec n), norm b ^ 2 = sum (fun j => b j ^ 2).
Proof. intros n b; unfold norm; apply pow2_sqrt, sum_nonneg; intro; apply pow2_ge_0. Qed.
Lemma norm_scaled : forall n (b : vec n) t, 0 <= t -> norm (fun j => t * b j) = t * norm b.
Proof.
  intros n b t Ht; unfold norm; rewrite squares_scaled, sqrt_mult_alt, sqrt_pow2 by (apply pow2_ge_0 || exact Ht).
  reflexivity.
Qed.
Section Unit.
Variables (m d : nat) (X : matrix m d) (loss : vec m -> R) (lam : R) (p0 r : vec m).
Hypothesis lam_pos : 0 < lam.
Hypothesis smooth : has_gradient loss p0 r.
Definition pull_of (b : vec d) : R := dot r (unit_output X b).
Let size := sum (fun x => norm (X x)).

Lemma output_bound : forall b x, Rabs (unit_output X b x) <= norm (X x) * norm b.
Proof.
  intros b x; apply Rle_trans with (2 := dot_le_norm d (X x) b); unfold unit_output, Rmax.
  destruct Rle_dec; [rewrite Rabs_R0; apply Rabs_pos | lra].
Qed.
Lemma size_nonneg : 0 <= size.
Proof. apply sum_nonneg; intro; apply norm_nonneg. Qed.
Lemma outputs_bound : forall a b, norm (minus (with_unit X p0 a b) p0) <= Rabs a * norm b * size /\
  forall x, Rabs (with_unit X p0 a b x - p0 x) <= Rabs a * norm b * size.
Proof.
  intros a b.
  assert (E : forall x, Rabs (with_unit X p0 a b x - p0 x) <= Rabs a * norm b * norm (X x)).
  { intro x; unfold with_unit; replace (p0 x + a * unit_output X b x - p0 x) with (a * unit_output X b x) by ring.
    rewrite Rabs_mult, Rmult_assoc; apply Rmult_le_compat_l; [apply Rabs_pos |].
    rewrite Rmult_comm; apply output_bound. }
  assert (N : 0 <= Rabs a * norm b) by (apply Rmult_le_pos; [apply Rabs_pos | apply norm_nonneg]).
  split.
  - apply Rle_trans with (1 := norm_le_l1 _ _); unfold l1, minus, size.
    rewrite <- sum_scal; apply sum_le; exact E.
  - intro x; apply Rle_trans with (1 := E x), Rmult_le_compat_l; [exact N |].
    apply (term_le_sum m (fun x => norm (X x))); intro; apply norm_nonneg.
Qed.
Lemma change : forall eta, 0 < eta -> exists e, 0 < e /\ forall a b, Rabs a < e -> norm b < e ->
  Rabs (unit_objective X loss lam p0 a b - unit_objective X loss lam p0 0 (fun _ => 0)
        - (a * pull_of b + lam / 2 * (a ^ 2 + norm b ^ 2))) <= eta * (Rabs a * norm b).
Proof.
  intros eta He; assert (S := size_nonneg).
  destruct (smooth (eta / (size + 1))) as (e & Pe & K); [apply Rdiv_lt_0_compat; lra |].
  set (e1 := Rmin 1 (e / (size + 1))).
  assert (P1 : 0 < e1) by (apply Rmin_pos; [lra | apply Rdiv_lt_0_compat; lra]).
  assert (Q1 : e1 <= 1) by apply Rmin_l.
  assert (Q2 : e1 * (size + 1) <= e).
  { apply Rle_trans with (e / (size + 1) * (size + 1)); [| right; field; lra].
    apply Rmult_le_compat_r; [lra | apply Rmin_r]. }
  exists e1; split; [exact P1 |]; intros a b Ha Hb.
  destruct (outputs_bound a b) as [B1 B2]; set (q := with_unit X p0 a b) in *.
  assert (Pa := Rabs_pos a); assert (Pb := norm_nonneg d b).
  assert (Ab : Rabs a * norm b < e1).
  { apply Rle_lt_trans with (Rabs a * 1); [apply Rmult_le_compat_l |]; lra. }
  assert (Nn : 0 <= Rabs a * norm b) by now apply Rmult_le_pos.
  assert (Near : near e p0 q).
  { intro x; apply Rle_lt_trans with (1 := B2 x); apply Rlt_le_trans with (2 := Q2); nra. }
  specialize (K q Near).
  assert (Z : with_unit X p0 0 (fun _ : Fin.t d => 0) = p0)
    by (apply functional_extensionality; intro; unfold with_unit; ring).
  assert (G : dot r (minus q p0) = a * pull_of b).
  { unfold pull_of, dot; rewrite <- sum_scal; apply sum_ext; intro x; unfold minus, q, with_unit; ring. }
  rewrite G in K; unfold unit_objective; rewrite Z; fold q; rewrite norm_square.
  rewrite (sum_ext _ (fun _ => 0 ^ 2) (fun _ => 0)), sum_zero by (intro; ring).
  match goal with |- Rabs ?t <= _ => replace t with (loss q - loss p0 - a * pull_of b) by ring end.
  apply Rle_trans with (1 := K).
  apply Rle_trans with (eta / (size + 1) * (Rabs a * norm b * size)).
  - apply Rmult_le_compat_l; [left; apply Rdiv_lt_0_compat; lra | exact B1].
  - replace (eta / (size + 1) * (Rabs a * norm b * size)) with (eta * (Rabs a * norm b) * (size / (size + 1)))
      by (field; lra).
    rewrite <- (Rmult_1_r (eta * (Rabs a * norm b))) at 2; apply Rmult_le_compat_l; [nra |].
    apply Rmult_le_reg_r with (size + 1); [lra |]; unfold Rdiv; rewrite Rmult_assoc, Rinv_l; lra.
Qed.
Lemma norm_near : forall e (b : vec d), 0 < e -> near (e / (INR d + 1)) (fun _ => 0) b -> norm b < e.
Proof.
  intros e b He N; assert (Pd := pos_INR d).
  apply Rle_lt_trans with (1 := norm_le_l1 d b); unfold l1.
  apply Rle_lt_trans with (INR d * (e / (INR d + 1))).
  - rewrite <- sum_const; apply sum_le; intro j; specialize (N j); rewrite Rminus_0_r in N; lra.
  - apply Rmult_lt_reg_r with (INR d + 1); [lra |].
    replace (INR d * (e / (INR d + 1)) * (INR d + 1)) with (INR d * e) by (field; lra); nra.
Qed.
End Unit.

(** "Weight decay on a unit", part 2.  D < lambda says that some bound below lambda holds, D > lambda that some b of
    length 1 pulls by more. *)
Theorem prop_units_2 :
  forall m d (X : matrix m d) (loss : vec m -> R) (lam : R) (p0 r : vec m), 0 < lam -> has_gradient loss p0 r ->
  let J := unit_objective X loss lam p0 in
  let G b := dot r (unit_output X b) in
  (forall D, D < lam -> (forall b, Rabs (G b) <= D * norm b) ->
     exists e, 0 < e /\ forall a b, Rabs a < e -> near e (fun _ => 0) b -> (a, b) <> (0, fun _ => 0) ->
     J 0 (fun _ => 0) < J a b) /\
  (forall b, norm b = 1 -> lam < Rabs (G b) ->
     ~ exists e, 0 < e /\ forall a b, Rabs a < e -> near e (fun _ => 0) b -> J 0 (fun _ => 0) <= J a b).
Proof.
  intros m d X loss lam p0 r Hl Sm J G; assert (Pd := pos_INR d); split.
  - intros D HD Bound.
    destruct (change m d X loss lam p0 r Sm ((lam - D) / 2)) as (e & He & K); [lra |].
    assert (E1 : e / (INR d + 1) <= e).
    { apply Rmult_le_reg_r with (INR d + 1); [lra |]; unfold Rdiv; rewrite Rmult_assoc, Rinv_l; nra. }
    exists (e / (INR d + 1)); split; [apply Rdiv_lt_0_compat; lra |]; intros a b Ha Nb Ne.
    specialize (K a b ltac:(lra) (norm_near d e b He Nb)); fold J in K.
    assert (Pa := Rabs_pos a); assert (Pb := norm_nonneg d b); specialize (Bound b).
    change (pull_of m d X r b) with (G b) in K.
    assert (L := abs_between (J a b - J 0 (fun _ => 0) - (a * G b + lam / 2 * (a ^ 2 + norm b ^ 2)))).
    assert (Aq := Rle_abs (- (a * G b))); rewrite Rabs_Ropp, Rabs_mult in Aq.
    assert (Ag : Rabs a * Rabs (G b) <= Rabs a * (D * norm b)) by now apply Rmult_le_compat_l.
    rewrite <- (pow2_abs a) in L, K.
    set (x := Rabs a) in *; set (y := norm b) in *.
    assert (Pos : 0 < x \/ 0 < y).
    { destruct (Rle_lt_or_eq_dec _ _ Pa) as [P | Za]; [now left |].
      destruct (Rle_lt_or_eq_dec _ _ Pb) as [P | Zb]; [now right |]; exfalso; apply Ne; f_equal.
      - destruct (Req_dec a 0) as [Z | Z]; [exact Z | generalize (Rabs_pos_lt _ Z); fold x; lra].
      - apply functional_extensionality; intro j; assert (S := norm_square d b); fold y in S; rewrite <- Zb in S.
        assert (T := sum_nonneg_zero d (fun j => b j ^ 2) (fun j => pow2_ge_0 _) ltac:(lra) j); cbv beta in T.
        destruct (Req_dec (b j) 0) as [Z | Z]; [exact Z | generalize (square_pos _ Z); lra]. }
    assert (Main : 0 < lam / 2 * (x ^ 2 + y ^ 2) - (D + (lam - D) / 2) * (x * y)).
    { assert (XY : 0 <= x * y) by now apply Rmult_le_pos.
      replace (lam / 2 * (x ^ 2 + y ^ 2) - (D + (lam - D) / 2) * (x * y))
        with (lam / 2 * (x - y) ^ 2 + (lam - D) / 2 * (x * y)) by field.
      destruct (Req_dec x y) as [-> | N].
      - assert (0 < y * y) by (apply Rmult_lt_0_compat; lra).
        assert (0 < (lam - D) / 2 * (y * y)) by (apply Rmult_lt_0_compat; lra). nra.
      - assert (0 < (x - y) ^ 2) by (apply square_pos; lra).
        assert (0 < lam / 2 * (x - y) ^ 2) by (apply Rmult_lt_0_compat; lra).
        assert (0 <= (lam - D) / 2 * (x * y)) by (apply Rmult_le_pos; lra). lra. }
    lra.
  - intros b Hb Hg (e0 & He0 & M); set (c := Rabs (G b) - lam).
    destruct (change m d X loss lam p0 r Sm (c / 2)) as (e & He & K); [unfold c; lra |].
    set (h := Rmin e e0 / 2); assert (Hm : 0 < Rmin e e0) by now apply Rmin_pos.
    assert (H1 : 0 < h /\ h < e /\ h < e0) by (unfold h; generalize (Rmin_l e e0) (Rmin_r e e0); lra).
    assert (Sg : exists s, s * s = 1 /\ s * G b = Rabs (G b)).
    { destruct (Rle_dec 0 (G b)); [exists 1; rewrite Rabs_right by lra | exists (-1); rewrite Rabs_left by lra]; lra. }
    destruct Sg as (s & S1 & S2).
    assert (As : Rabs (- s * h) = h).
    { rewrite Rabs_mult, Rabs_Ropp, (Rabs_right h) by lra.
      assert (Rabs s = 1) by (generalize (Rabs_pos s) (Rabs_mult s s); rewrite S1, Rabs_R1; nra). rewrite H; ring. }
    assert (Nh : norm (fun j => h * b j) = h) by (rewrite norm_scaled, Hb by lra; ring).
    specialize (K (- s * h) (fun j => h * b j) ltac:(lra) ltac:(lra)); rewrite As, Nh in K; fold J in K.
    assert (Gh : pull_of m d X r (fun j => h * b j) = h * G b).
    { unfold pull_of, G, dot; rewrite <- sum_scal; apply sum_ext; intro x; unfold unit_output.
      replace (dot (X x) (fun j => h * b j)) with (h * dot (X x) b)
        by (unfold dot; rewrite <- sum_scal; apply sum_ext; intro; ring).
      rewrite <- (Rmult_0_r h) at 1; rewrite RmaxRmult by lra; ring. }
    rewrite Gh in K.
    assert (N : near e0 (fun _ => 0) (fun j => h * b j)).
    { intro j; rewrite Rminus_0_r, Rabs_mult, (Rabs_right h) by lra.
      assert (Bj : Rabs (b j) <= 1).
      { assert (T := term_le_sum d (fun j => b j ^ 2) (fun j => pow2_ge_0 _) j); cbv beta in T.
        rewrite <- norm_square, Hb in T; rewrite <- (pow2_abs (b j)) in T; generalize (Rabs_pos (b j)); nra. }
      apply Rle_lt_trans with (h * 1); [apply Rmult_le_compat_l |]; lra. }
    specialize (M (- s * h) (fun j => h * b j) ltac:(lra) N).
    assert (L := Rle_abs (J (- s * h) (fun j => h * b j) - J 0 (fun _ => 0)
      - (- s * h * (h * G b) + lam / 2 * ((- s * h) ^ 2 + h ^ 2)))).
    assert (E1 : - s * h * (h * G b) = - (Rabs (G b) * (h * h))) by (rewrite <- S2; ring).
    assert (E2 : (- s * h) ^ 2 = h * h) by (replace ((- s * h) ^ 2) with (s * s * (h * h)) by ring; rewrite S1; ring).
    rewrite E1, E2 in L, K. assert (0 < h * h) by (apply Rmult_lt_0_compat; lra).
    assert (0 < c / 2 * (h * h)) by (apply Rmult_lt_0_compat; unfold c; lra).
    assert (Ec : c = Rabs (G b) - lam) by reflexivity. nra.
Qed.

(* Scope: part 3, with G for what the loss asks of a unit with the inner weights b: all that is used of it is that it
   grows in proportion to b. *)
Theorem prop_units_3 :
  forall d (G : vec d -> R) (lam a : R) (b : vec d),
  (forall t b, 0 < t -> G (fun j => t * b j) = t * G b) -> G b + lam * a = 0 -> Rabs a = norm b -> a <> 0 ->
  0 < lam -> exists b' : vec d, norm b' = 1 /\ Rabs (G b') = lam.
Proof.
  intros d G lam a b Hom St Bal Na Hl.
  assert (P : 0 < norm b) by (rewrite <- Bal; now apply Rabs_pos_lt).
  assert (Pi : 0 < / norm b) by now apply Rinv_0_lt_compat.
  exists (fun j => / norm b * b j); split.
  - unfold norm at 1; rewrite squares_scaled, sqrt_mult_alt, sqrt_pow2 by (apply pow2_ge_0 || lra).
    change (/ norm b * norm b = 1); field; lra.
  - rewrite Hom, Rabs_mult, (Rabs_right (/ norm b)) by lra.
    replace (G b) with (- (lam * a)) by lra; rewrite Rabs_Ropp, Rabs_mult, (Rabs_right lam), Bal by lra; field; lra.
Qed.
