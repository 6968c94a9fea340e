(** Chapter "Priors", proposition "Ridge is Gaussian, L1 is Laplace".  This file alone uses the library Coquelicot, for
    integrals. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
Require Priors.
Open Scope R_scope.

(** The improper integral of f from -oo to oo is I. *)
Definition integral (f : R -> R) (I : R) : Prop := is_RInt_gen f (Rbar_locally m_infty) (Rbar_locally p_infty) I.

(** * Integrals over the line of even and of odd functions *)

Section Line.
Variables (f h H : R -> R) (L C : R).
Hypothesis Cf : forall x, continuous f x.
Hypothesis Ch : forall x, continuous h x.
Hypothesis Same : forall x, 0 <= x -> f x = h x.
Hypothesis D : forall x, is_derive H x (h x).
Hypothesis Far : forall x, 1 <= x -> Rabs (H x - L) <= C / x.

Lemma has_integral : forall a b, is_RInt f a b (RInt f a b).
Proof. intros a b; apply (RInt_correct f), ex_RInt_continuous; intros; apply Cf. Qed.

Lemma right_half : forall x, 0 <= x -> RInt f 0 x = H x - H 0.
Proof.
  intros x Hx; apply is_RInt_unique, is_RInt_ext with h.
  - intros y Hy; rewrite Rmin_left in Hy by exact Hx; symmetry; apply Same; lra.
  - apply (is_RInt_derive H h); intros; auto.
Qed.

Lemma from_halves : forall I s, (forall x, 0 <= x -> RInt f (- x) 0 = s * RInt f 0 x) ->
  I = (1 + s) * (L - H 0) -> Rabs s <= 1 -> integral f I.
Proof.
  intros I s Left -> Hs P [eps HP].
  assert (PC : 0 <= C).
  { specialize (Far 1 (Rle_refl 1)); generalize (Rabs_pos (H 1 - L)); lra. }
  set (M := Rmax 1 (2 * (C + 1) / eps)).
  assert (He := cond_pos eps).
  assert (M1 : 1 <= M) by apply Rmax_l.
  assert (Small : forall x, M < x -> Rabs (H x - L) < eps / 2).
  { intros x Hx; apply Rle_lt_trans with (1 := Far x ltac:(lra)).
    assert (2 * (C + 1) / eps < x) by (apply Rle_lt_trans with (2 := Hx); apply Rmax_r).
    apply Rmult_lt_reg_r with x; [lra |].
    replace (C / x * x) with C by (field; lra).
    apply Rmult_lt_compat_r with (r := eps) in H0; [| lra].
    replace (2 * (C + 1) / eps * eps) with (2 * (C + 1)) in H0 by (field; lra). lra. }
  apply Filter_prod with (fun a => a < - M) (fun b => M < b).
  - now exists (- M).
  - now exists M.
  - intros a b Ha Hb; exists (RInt f a b); split; [apply has_integral |]; apply HP.
    unfold ball; simpl; unfold AbsRing_ball, abs, minus, plus, opp; simpl.
    assert (E : RInt f a b = s * (H (- a) - H 0) + (H b - H 0)).
    { rewrite <- (right_half (- a)), <- (right_half b) by lra.
      assert (K := Left (- a) ltac:(lra)); rewrite Ropp_involutive in K; rewrite <- K.
      symmetry; apply (RInt_Chasles f a 0 b); eexists; apply has_integral. }
    rewrite E.
    replace (s * (H (- a) - H 0) + (H b - H 0) + - ((1 + s) * (L - H 0)))
      with (s * (H (- a) - L) + (H b - L)) by ring.
    apply Rle_lt_trans with (1 := Rabs_triang _ _); rewrite Rabs_mult.
    assert (K1 := Small (- a) ltac:(lra)); assert (K2 := Small b Hb).
    assert (Rabs s * Rabs (H (- a) - L) <= 1 * Rabs (H (- a) - L)) by (apply Rmult_le_compat_r; [apply Rabs_pos |
        exact Hs]).
    lra.
Qed.

Lemma left_half : forall s, (forall x, f (- x) = s * f x) -> forall x, RInt f (- x) 0 = s * RInt f 0 x.
Proof.
  intros s Sym x.
  rewrite <- (opp_RInt_swap f); [| eexists; apply has_integral].
  assert (K : is_RInt (fun y => opp (f (- y))) 0 x (RInt f 0 (- x))).
  { apply (is_RInt_comp_opp f 0 x); rewrite Ropp_0; apply has_integral. }
  assert (K' : is_RInt (fun y => scal (- s) (f y)) 0 x (scal (- s) (RInt f 0 x))).
  { apply (is_RInt_scal f), has_integral. }
  assert (E : RInt f 0 (- x) = scal (- s) (RInt f 0 x)).
  { rewrite <- (is_RInt_unique _ _ _ _ K), <- (is_RInt_unique _ _ _ _ K'); apply RInt_ext.
    intros y _; rewrite Sym; unfold scal, opp; simpl; unfold mult; simpl; ring. }
  rewrite E; unfold scal, opp; simpl; unfold mult; simpl; ring.
Qed.

Lemma even_integral : (forall x, f (- x) = f x) -> integral f (2 * (L - H 0)).
Proof.
  intro E; apply from_halves with 1; [| ring | rewrite Rabs_R1; lra].
  intros x _; apply left_half; intro y; rewrite E; ring.
Qed.

Lemma odd_integral : (forall x, f (- x) = - f x) -> integral f 0.
Proof.
  intro E; apply from_halves with (-1); [| ring | rewrite Rabs_left; lra].
  intros x _; apply left_half; intro y; rewrite E; ring.
Qed.
End Line.


(** * The Gaussian integral *)

(** E(x)^2 + G(x) = PI/4 for E(x) = int_0^x exp(-t^2) dt and G(x) = int_0^1 exp(-x^2 (1 + t^2))/(1 + t^2) dt: the
    derivative of the left side is zero. *)
Definition E (x : R) := RInt (fun t => exp (- t ^ 2)) 0 x.
Definition k (x t : R) := exp (- x ^ 2 * (1 + t ^ 2)) / (1 + t ^ 2).
Definition G (x : R) := RInt (k x) 0 1.

Lemma one_plus_square_pos t : 0 < 1 + t ^ 2. Proof. nra. Qed.

Lemma cont_e x : continuous (fun t => exp (- t ^ 2)) x.
Proof. apply (ex_derive_continuous (fun t => exp (- t ^ 2))). auto_derive; auto. Qed.

Lemma E' x : is_derive E x (exp (- x ^ 2)).
Proof.
  apply (is_derive_RInt (fun t => exp (- t ^ 2)) E 0 x).
  - apply filter_forall; intro y; unfold E; apply (RInt_correct (fun t => exp (- t ^ 2)) 0 y).
    apply (ex_RInt_continuous (fun t => exp (- t ^ 2))); intros; apply cont_e.
  - apply cont_e.
Qed.

Lemma k' x t : is_derive (fun u => k u t) x (- 2 * x * exp (- x ^ 2 * (1 + t ^ 2))).
Proof. unfold k; assert (P := one_plus_square_pos t); auto_derive; [lra |]. simpl. field. simpl in P; lra. Qed.

Lemma G' x : is_derive G x (- 2 * exp (- x ^ 2) * E x).
Proof.
  assert (D : is_derive G x (RInt (fun t => Derive (fun u => k u t) x) 0 1)).
  { apply (is_derive_RInt_param k 0 1 x).
    - apply filter_forall; intros y t _; eexists; apply k'.
    - intros t _.
      apply continuity_2d_pt_ext with (fun u v => - 2 * u * exp (- u ^ 2 * (1 + v ^ 2))).
      + intros u v; symmetry; apply is_derive_unique, k'.
      + apply continuity_2d_pt_filterlim; simpl.
        apply (continuous_mult (fun z : R * R => - 2 * fst z) (fun z : R * R => exp (- fst z ^ 2 * (1 + snd z ^ 2)))).
        * apply (continuous_mult (fun _ => -2) (fun z : R * R => fst z)); [apply continuous_const | apply
            continuous_fst].
        * apply (continuous_comp (fun z : R * R => - fst z ^ 2 * (1 + snd z ^ 2)) exp); [| apply continuous_exp].
          apply (continuous_mult (fun z : R * R => - fst z ^ 2) (fun z : R * R => 1 + snd z ^ 2)).
          -- apply (continuous_comp (fun z : R * R => fst z) (fun u => - u ^ 2)); [apply continuous_fst |].
             apply (ex_derive_continuous (fun u => - u ^ 2)); auto_derive; auto.
          -- apply (continuous_comp (fun z : R * R => snd z) (fun u => 1 + u ^ 2)); [apply continuous_snd |].
             apply (ex_derive_continuous (fun u => 1 + u ^ 2)); auto_derive; auto.
    - apply filter_forall; intro y; apply (ex_RInt_continuous (k y)); intros t _.
      apply (ex_derive_continuous (k y)); unfold k; assert (P := one_plus_square_pos t); auto_derive; lra. }
  assert (I1 : is_RInt (fun t => scal x (exp (- (x * t + 0) ^ 2))) 0 1 (E x)).
  { apply (is_RInt_comp_lin (fun t => exp (- t ^ 2)) x 0 0 1 (E x)).
    rewrite Rmult_0_r, Rmult_1_r, !Rplus_0_r; unfold E; apply (RInt_correct (fun t => exp (- t ^ 2))).
    apply (ex_RInt_continuous (fun t => exp (- t ^ 2))); intros; apply cont_e. }
  assert (I2 := is_RInt_scal _ _ _ (- 2 * exp (- x ^ 2)) _ I1).
  replace (- 2 * exp (- x ^ 2) * E x) with (RInt (fun t => Derive (fun u => k u t) x) 0 1); [exact D |].
  apply is_RInt_unique; apply is_RInt_ext with (2 := I2).
  intros t _; assert (Dk : Derive (fun u => k u t) x = - 2 * x * exp (- x ^ 2 * (1 + t ^ 2))) by (apply
      is_derive_unique, k').
  cbv beta; rewrite Dk; unfold scal; simpl; unfold mult; simpl.
  replace (- (x * (x * 1)) * (1 + t * (t * 1))) with (- (x * (x * 1)) + - ((x * t + 0) * ((x * t + 0) * 1))) by ring.
  rewrite exp_plus; ring.
Qed.

Lemma atan' (t : R) : derivable_pt_lim atan t (/ (1 + t ^ 2)).
Proof. apply derivable_pt_lim_atan. Qed.

Lemma k0 (t : R) : k 0 t = / (1 + t ^ 2).
Proof.
  unfold k; replace (- 0 ^ 2 * (1 + t ^ 2)) with 0 by ring; rewrite exp_0; unfold Rdiv; ring.
Qed.

Lemma G0 : G 0 = PI / 4.
Proof.
  unfold G; rewrite (RInt_ext _ (fun t => / (1 + t ^ 2))).
  - rewrite <- atan_1; replace (atan 1) with (minus (atan 1) (atan 0)).
    2: { rewrite atan_0; unfold minus, plus, opp; simpl; ring. }
    apply is_RInt_unique, (is_RInt_derive atan (fun t => / (1 + t ^ 2))).
    + intros t _; apply is_derive_Reals, atan'.
    + intros t _; apply (ex_derive_continuous (fun t => / (1 + t ^ 2))); assert (P := one_plus_square_pos t);
        auto_derive; lra.
  - intros t _; apply k0.
Qed.

Lemma constant x : E x ^ 2 + G x = PI / 4.
Proof.
  assert (D : forall t, is_derive (fun x => E x ^ 2 + G x) t 0).
  { intro t.
    replace 0 with (plus (INR 2 * exp (- t ^ 2) * E t ^ 1) (- 2 * exp (- t ^ 2) * E t)).
    - apply (is_derive_plus (fun x => E x ^ 2) G t); [| apply G'].
      apply (is_derive_pow E 2 t), E'.
    - unfold plus; simpl; ring. }
  assert (E0 : E 0 = 0) by (unfold E; rewrite RInt_point; reflexivity).
  replace (PI / 4) with (E 0 ^ 2 + G 0) by (rewrite E0, G0; ring).
  destruct (Req_dec x 0) as [-> | Hx]; [reflexivity |].
  destruct (MVT_gen (fun x => E x ^ 2 + G x) 0 x (fun _ => 0)) as (c & _ & M).
  - intros y _; apply D.
  - intros y _; apply derivable_continuous_pt; exists 0; apply is_derive_Reals, D.
  - cbv beta in M; lra.
Qed.

Lemma G_bounds x : 0 <= G x <= exp (- x ^ 2).
Proof.
  assert (I : ex_RInt (k x) 0 1).
  { apply (ex_RInt_continuous (k x)); intros t _; apply (ex_derive_continuous (k x)); unfold k; assert (P :=
      one_plus_square_pos t); auto_derive; lra. }
  split.
  - apply RInt_ge_0; [lra | exact I |]. intros t _; unfold k; left; apply Rdiv_lt_0_compat; [apply exp_pos | apply
      one_plus_square_pos].
  - replace (exp (- x ^ 2)) with (RInt (fun _ => exp (- x ^ 2)) 0 1).
    2: { rewrite RInt_const; unfold scal; simpl; unfold mult; simpl; ring. }
    apply RInt_le; [lra | exact I | apply ex_RInt_const |]. intros t _; unfold k.
    assert (P := one_plus_square_pos t). apply Rmult_le_reg_r with (1 + t ^ 2); [lra |].
    replace (exp (- x ^ 2 * (1 + t ^ 2)) / (1 + t ^ 2) * (1 + t ^ 2)) with (exp (- x ^ 2 * (1 + t ^ 2))) by (field;
        lra).
    assert (exp (- x ^ 2 * (1 + t ^ 2)) <= exp (- x ^ 2)).
    { destruct (Req_dec (x * t) 0) as [Z | Z].
      - right; f_equal; replace (- x ^ 2 * (1 + t ^ 2)) with (- x ^ 2 - (x * t) ^ 2) by ring; rewrite Z; ring.
      - left; apply exp_increasing. assert (0 < (x * t) ^ 2) by (rewrite <- Rsqr_pow2; now apply Rsqr_pos_lt). nra. }
    generalize (exp_pos (- x ^ 2)); nra.
Qed.

Definition half : R := sqrt PI / 2.

Lemma half_pos : 0 < half.
Proof. unfold half; generalize (sqrt_lt_R0 PI PI_RGT_0); lra. Qed.

Lemma exp_small : forall a, 0 < a -> exp (- a) <= / (1 + a).
Proof.
  intros a Ha; rewrite exp_Ropp; apply Rinv_le_contravar; [lra |]; apply exp_ineq1_le.
Qed.

Lemma E_far : forall x, 0 < x -> Rabs (E x - half) <= / half / x.
Proof.
  intros x Hx; assert (P := half_pos).
  assert (Sq : half ^ 2 = PI / 4).
  { unfold half; replace ((sqrt PI / 2) ^ 2) with (sqrt PI ^ 2 / 4) by field.
    rewrite pow2_sqrt; [reflexivity | generalize PI_RGT_0; lra]. }
  assert (K := constant x); assert (B := G_bounds x).
  assert (E0 : 0 <= E x).
  { unfold E; apply RInt_ge_0; [lra | | intros; left; apply exp_pos].
    apply (ex_RInt_continuous (fun t => exp (- t ^ 2))); intros; apply cont_e. }
  assert (S : exp (- x ^ 2) <= / x).
  { apply Rle_trans with (1 := exp_small (x ^ 2) ltac:(nra)); apply Rinv_le_contravar; nra. }
  assert (Le : E x <= half) by (apply Rnot_lt_le; intro N; nra).
  rewrite Rabs_minus_sym, Rabs_right by lra.
  apply Rmult_le_reg_r with half; [exact P |].
  replace (/ half / x * half) with (/ x) by (field; lra). nra.
Qed.

Section Gaussian.
Variable beta : R.
Hypothesis Hb : 0 < beta.

Let b := sqrt beta.
Lemma b_pos : 0 < b.
Proof. now apply sqrt_lt_R0. Qed.
Lemma b_square : b * b = beta.
Proof. apply sqrt_sqrt; lra. Qed.

Definition bell (w : R) : R := exp (- (beta * w ^ 2)).
Definition mass (w : R) : R := E (b * w) / b.

Lemma bell_continuous : forall w, continuous bell w.
Proof. intro w; apply (ex_derive_continuous bell); unfold bell; auto_derive; auto. Qed.

Lemma mass_derive : forall w, is_derive mass w (bell w).
Proof.
  intro w; assert (P := b_pos); unfold mass.
  replace (bell w) with (scal (/ b) (scal b (exp (- (b * w) ^ 2)))).
  - apply is_derive_ext with (fun u => scal (/ b) (E (b * u))).
    { intro u; unfold scal; simpl; unfold mult; simpl; field; lra. }
    apply (is_derive_scal (fun u => E (b * u))), (is_derive_comp E (fun u => b * u)); [apply E' |].
    auto_derive; [auto | ring].
  - unfold bell, scal; simpl; unfold mult; simpl; rewrite <- b_square.
    replace (- (b * w * (b * w * 1))) with (- (b * b * (w * (w * 1)))) by ring; field; lra.
Qed.

Lemma mass_far : forall x, 1 <= x -> Rabs (mass x - half / b) <= / half / beta / x.
Proof.
  intros x Hx; assert (P := b_pos); assert (Q := half_pos); unfold mass.
  replace (E (b * x) / b - half / b) with ((E (b * x) - half) / b) by (field; lra).
  unfold Rdiv at 1; rewrite Rabs_mult, (Rabs_right (/ b)) by (left; now apply Rinv_0_lt_compat).
  assert (K := E_far (b * x) ltac:(nra)).
  apply Rmult_le_compat_r with (r := / b) in K; [| left; now apply Rinv_0_lt_compat].
  apply Rle_trans with (1 := K); right; rewrite <- b_square; field; repeat split; lra.
Qed.

Lemma mass_0 : mass 0 = 0.
Proof. unfold mass; rewrite Rmult_0_r; unfold E; rewrite RInt_point; unfold zero; simpl; field; generalize b_pos; lra.
    Qed.

Lemma bell_even : forall w, bell (- w) = bell w.
Proof. intro w; unfold bell; f_equal; ring. Qed.

Lemma bell_small : forall x, 0 < x -> x * bell x <= / beta / x.
Proof.
  intros x Hx; unfold bell.
  assert (K := exp_small (beta * x ^ 2) ltac:(apply Rmult_lt_0_compat; [exact Hb | nra])).
  apply Rmult_le_compat_l with (r := x) in K; [| lra]. apply Rle_trans with (1 := K).
  assert (P : 0 < beta * x ^ 2) by (apply Rmult_lt_0_compat; [exact Hb | nra]).
  apply Rmult_le_reg_r with (beta * x * (1 + beta * x ^ 2)); [repeat apply Rmult_lt_0_compat; lra |].
  replace (x * / (1 + beta * x ^ 2) * (beta * x * (1 + beta * x ^ 2))) with (beta * x ^ 2) by (field; lra).
  replace (/ beta / x * (beta * x * (1 + beta * x ^ 2))) with (1 + beta * x ^ 2) by (field; lra). lra.
Qed.

Lemma root_quotient : sqrt (PI / beta) = 2 * (half / b).
Proof. unfold half, b; rewrite sqrt_div_alt by exact Hb; field; apply Rgt_not_eq, b_pos. Qed.

Lemma bell_integral : integral bell (sqrt (PI / beta)).
Proof.
  rewrite root_quotient; replace (half / b) with (half / b - mass 0) by (rewrite mass_0; ring).
  apply (even_integral bell bell mass (half / b) (/ half / beta)); auto using bell_continuous, mass_derive, mass_far,
      bell_even.
Qed.

Lemma bell_mean : integral (fun w => w * bell w) 0.
Proof.
  assert (Cont : forall x, continuous (fun w => w * bell w) x).
  { intro x; apply (ex_derive_continuous (fun w => w * bell w)); unfold bell; auto_derive; auto. }
  apply (odd_integral (fun w => w * bell w) (fun w => w * bell w) (fun w => - bell w / (2 * beta)) 0 (/ beta / (2 *
      beta))); auto.
  - intro x; unfold bell; auto_derive; [lra |]. simpl; field; lra.
  - intros x Hx; rewrite Rminus_0_r; unfold Rdiv at 1; rewrite Rabs_mult, Rabs_Ropp.
    assert (I2 : 0 < / (2 * beta)) by (apply Rinv_0_lt_compat; lra).
    rewrite (Rabs_right (bell x)) by (left; apply exp_pos); rewrite (Rabs_right (/ (2 * beta))) by lra.
    assert (K := bell_small x ltac:(lra)); assert (P : 0 < bell x) by apply exp_pos.
    assert (bell x <= / beta / x) by nra.
    apply Rmult_le_compat_r with (r := / (2 * beta)) in H; [| lra].
    apply Rle_trans with (1 := H); right; field; lra.
  - intro w; rewrite bell_even; ring.
Qed.

Lemma bell_second : integral (fun w => w ^ 2 * bell w) (sqrt (PI / beta) / (2 * beta)).
Proof.
  assert (Cont : forall x, continuous (fun w => w ^ 2 * bell w) x).
  { intro x; apply (ex_derive_continuous (fun w => w ^ 2 * bell w)); unfold bell; auto_derive; auto. }
  set (H w := (mass w - w * bell w) / (2 * beta)).
  assert (H0 : H 0 = 0) by (unfold H; rewrite mass_0; field; lra).
  rewrite root_quotient.
  replace (2 * (half / b) / (2 * beta)) with (2 * (half / b / (2 * beta) - H 0))
    by (rewrite H0; field; generalize b_pos; lra).
  apply (even_integral (fun w => w ^ 2 * bell w) (fun w => w ^ 2 * bell w) H (half / b / (2 * beta))
           ((/ half / beta + / beta) / (2 * beta))); auto.
  - intro x; unfold H.
    replace (x ^ 2 * bell x) with (scal (/ (2 * beta)) (minus (bell x) (bell x - 2 * beta * x ^ 2 * bell x))).
    + apply is_derive_ext with (fun w => scal (/ (2 * beta)) (minus (mass w) (w * bell w))).
      { intro w; unfold scal, minus, plus, opp; simpl; unfold mult; simpl; field; lra. }
      apply (is_derive_scal (fun w => minus (mass w) (w * bell w))), (is_derive_minus mass (fun w => w * bell w)).
      * apply mass_derive.
      * unfold bell; auto_derive; [auto |]. simpl; ring.
    + unfold scal, minus, plus, opp; simpl; unfold mult; simpl; field; lra.
  - intros x Hx; unfold H.
    replace ((mass x - x * bell x) / (2 * beta) - half / b / (2 * beta))
      with ((mass x - half / b + - (x * bell x)) * / (2 * beta)) by (field; generalize b_pos; lra).
    assert (I2 : 0 < / (2 * beta)) by (apply Rinv_0_lt_compat; lra).
    rewrite Rabs_mult, (Rabs_right (/ (2 * beta))) by lra.
    replace ((/ half / beta + / beta) / (2 * beta) / x) with ((/ half / beta / x + / beta / x) * / (2 * beta))
      by (field; generalize half_pos; lra).
    apply Rmult_le_compat_r; [lra |]. apply Rle_trans with (1 := Rabs_triang _ _).
    apply Rplus_le_compat; [now apply mass_far |].
    assert (P : 0 < bell x) by apply exp_pos.
    rewrite Rabs_Ropp, Rabs_right by nra; apply bell_small; lra.
  - intro w; rewrite bell_even; ring.
Qed.
End Gaussian.

Section Laplacian.
Variable beta : R.
Hypothesis Hb : 0 < beta.

Definition tent (w : R) : R := exp (- (beta * Rabs w)).
Definition tail (w : R) : R := exp (- (beta * w)).

Lemma tent_continuous : forall w, continuous tent w.
Proof.
  intro w; apply (continuous_comp (fun w => - (beta * Rabs w)) exp); [| apply continuous_exp].
  apply (continuous_opp (fun w => beta * Rabs w)), (continuous_scal_r beta Rabs), continuous_Rabs.
Qed.

Lemma tent_tail : forall w, 0 <= w -> tent w = tail w.
Proof. intros w Hw; unfold tent, tail; now rewrite Rabs_right by lra. Qed.

Lemma tent_even : forall w, tent (- w) = tent w.
Proof. intro w; unfold tent; now rewrite Rabs_Ropp. Qed.

Lemma power_continuous : forall k w, continuous (fun w => w ^ k) w.
Proof. intros k w; apply (ex_derive_continuous (fun w => w ^ k)); auto_derive; auto. Qed.

Lemma tail_small : forall x, 1 <= x -> x ^ 2 * tail x <= 27 / beta ^ 3 / x.
Proof.
  intros x Hx; unfold tail.
  set (a := beta * x / 3); assert (Ha : 0 < a) by (unfold a; apply Rdiv_lt_0_compat; [apply Rmult_lt_0_compat |]; lra).
  replace (exp (- (beta * x))) with (exp (- a) ^ 3).
  2: { simpl; rewrite Rmult_1_r, <- !exp_plus; f_equal; unfold a; field. }
  assert (K : exp (- a) <= / a).
  { apply Rle_trans with (1 := exp_small a Ha); apply Rinv_le_contravar; lra. }
  assert (K3 : exp (- a) ^ 3 <= (/ a) ^ 3) by (apply pow_incr; split; [left; apply exp_pos | exact K]).
  apply Rle_trans with (x ^ 2 * (/ a) ^ 3); [apply Rmult_le_compat_l; nra |].
  right; unfold a; field; lra.
Qed.

(** |c_0 + c_1 x + c_2 x^2| tail(x) <= C/x *)
Lemma tail_far : forall c0 c1 c2, 0 <= c0 -> 0 <= c1 -> 0 <= c2 -> forall x, 1 <= x ->
  Rabs (- (c0 + c1 * x + c2 * x ^ 2) * tail x - 0) <= (c0 + c1 + c2) * (27 / beta ^ 3) / x.
Proof.
  intros c0 c1 c2 H0 H1 H2 x Hx.
  assert (P : 0 < tail x) by apply exp_pos.
  assert (K := tail_small x Hx).
  assert (Q : 0 <= c0 + c1 * x + c2 * x ^ 2) by (assert (0 <= c1 * x) by nra; assert (0 <= c2 * x ^ 2) by nra; lra).
  rewrite Rminus_0_r, Rabs_mult, Rabs_Ropp, (Rabs_right (tail x)), Rabs_right by lra.
  apply Rle_trans with ((c0 + c1 + c2) * (x ^ 2 * tail x)).
  - replace ((c0 + c1 + c2) * (x ^ 2 * tail x)) with ((c0 + c1 + c2) * x ^ 2 * tail x) by ring.
    apply Rmult_le_compat_r; [lra |]. assert (1 <= x ^ 2) by nra. assert (x <= x ^ 2) by nra.
    assert (c0 * 1 <= c0 * x ^ 2) by (apply Rmult_le_compat_l; lra).
    assert (c1 * x <= c1 * x ^ 2) by (apply Rmult_le_compat_l; lra). lra.
  - replace ((c0 + c1 + c2) * (27 / beta ^ 3) / x) with ((c0 + c1 + c2) * (27 / beta ^ 3 / x)) by (field; lra).
    apply Rmult_le_compat_l; lra.
Qed.

Lemma tent_integral : integral tent (2 / beta).
Proof.
  set (H w := - (/ beta + 0 * w + 0 * w ^ 2) * tail w).
  assert (I : 0 < / beta) by now apply Rinv_0_lt_compat.
  replace (2 / beta) with (2 * (0 - H 0)).
  2: { unfold H, tail; replace (beta * 0) with 0 by ring; rewrite Ropp_0, exp_0; field; lra. }
  apply (even_integral tent tail H 0 ((/ beta + 0 + 0) * (27 / beta ^ 3))); auto using tent_continuous, tent_tail,
      tent_even.
  - intro x; apply (ex_derive_continuous tail); unfold tail; auto_derive; auto.
  - intro x; unfold H, tail; auto_derive; [auto |]. simpl; field; lra.
  - intros x Hx; apply tail_far; lra.
Qed.

Lemma tent_mean : integral (fun w => w * tent w) 0.
Proof.
  assert (I : 0 < / beta) by now apply Rinv_0_lt_compat.
  assert (I2 : 0 < / beta ^ 2) by (apply Rinv_0_lt_compat; nra).
  apply (odd_integral (fun w => w * tent w) (fun w => w * tail w)
           (fun w => - (/ beta ^ 2 + / beta * w + 0 * w ^ 2) * tail w) 0 ((/ beta ^ 2 + / beta + 0) * (27 / beta ^ 3))).
  - intro x; apply (continuous_mult (fun w => w) tent); [apply continuous_id | apply tent_continuous].
  - intro x; apply (ex_derive_continuous (fun w => w * tail w)); unfold tail; auto_derive; auto.
  - intros x Hx; now rewrite tent_tail.
  - intro x; unfold tail; auto_derive; [auto |]. simpl; field; lra.
  - intros x Hx; apply tail_far; lra.
  - intro w; rewrite tent_even; ring.
Qed.

Lemma tent_second : integral (fun w => w ^ 2 * tent w) (4 / beta ^ 3).
Proof.
  assert (B3 : 0 < beta ^ 3) by (apply pow_lt; exact Hb).
  assert (I : 0 < / beta) by now apply Rinv_0_lt_compat.
  assert (I2 : 0 < / beta ^ 2) by (apply Rinv_0_lt_compat; nra).
  assert (I3 : 0 < / beta ^ 3) by now apply Rinv_0_lt_compat.
  set (H w := - (2 * / beta ^ 3 + 2 * / beta ^ 2 * w + / beta * w ^ 2) * tail w).
  replace (4 / beta ^ 3) with (2 * (0 - H 0)).
  2: { unfold H, tail; replace (beta * 0) with 0 by ring; rewrite Ropp_0, exp_0; field; lra. }
  apply (even_integral (fun w => w ^ 2 * tent w) (fun w => w ^ 2 * tail w) H 0
           ((2 * / beta ^ 3 + 2 * / beta ^ 2 + / beta) * (27 / beta ^ 3))).
  - intro x; apply (continuous_mult (fun w => w ^ 2) tent); [apply power_continuous | apply tent_continuous].
  - intro x; apply (ex_derive_continuous (fun w => w ^ 2 * tail w)); unfold tail; auto_derive; auto.
  - intros x Hx; now rewrite tent_tail.
  - intro x; unfold H, tail; auto_derive; [auto |]. simpl; field; lra.
  - intros x Hx; apply tail_far; lra.
  - intro w; rewrite tent_even; ring.
Qed.
End Laplacian.

Lemma integral_quotient : forall f I Z, integral f I -> integral (fun w => f w / Z) (I / Z).
Proof.
  intros f I Z H; assert (K := is_RInt_gen_scal f (/ Z) I H).
  replace (I / Z) with (scal (/ Z) I) by (unfold scal; simpl; unfold mult; simpl; unfold Rdiv; ring).
  replace (fun w => f w / Z) with (fun w => scal (/ Z) (f w)); [exact K |].
  apply FunctionalExtensionality.functional_extensionality; intro w.
  unfold scal; simpl; unfold mult; simpl; unfold Rdiv; ring.
Qed.

(** "Ridge is Gaussian, L1 is Laplace", part 1: exp(-beta w^2)/Z with Z = sqrt(pi/beta) is the Gaussian density with
    standard deviation s, and its mean is 0 and its variance 1/(2 beta) = s^2. *)
Theorem prop_priors_1 :
  forall beta : R, 0 < beta ->
  let Z := sqrt (PI / beta) in
  let s := sqrt (1 / (2 * beta)) in
  let p w := exp (- (beta * w ^ 2)) / Z in
  integral (fun w => exp (- (beta * w ^ 2))) Z /\ (forall w, p w = Priors.gauss s w) /\
  integral (fun w => w * p w) 0 /\ integral (fun w => w ^ 2 * p w) (1 / (2 * beta)).
Proof.
  intros beta Hb Z s p.
  assert (PZ : 0 < Z) by (apply sqrt_lt_R0, Rdiv_lt_0_compat; [apply PI_RGT_0 | exact Hb]).
  split; [exact (bell_integral beta Hb) |]; split; [| split].
  - intro w; unfold p, Priors.gauss.
    assert (S2 : s ^ 2 = 1 / (2 * beta)) by (apply pow2_sqrt; apply Rle_mult_inv_pos; lra).
    assert (SZ : s * sqrt (2 * PI) = Z).
    { unfold s, Z; rewrite <- sqrt_mult_alt by (apply Rle_mult_inv_pos; lra); f_equal; field; lra. }
    rewrite S2, SZ; f_equal; f_equal; field; lra.
  - assert (K := integral_quotient _ _ Z (bell_mean beta Hb)).
    replace (0 / Z) with 0 in K by (field; lra).
    replace (fun w => w * p w) with (fun w => w * bell beta w / Z); [exact K |].
    apply FunctionalExtensionality.functional_extensionality; intro w; unfold p, bell; field; lra.
  - assert (K := integral_quotient _ _ Z (bell_second beta Hb)); fold Z in K.
    replace (Z / (2 * beta) / Z) with (1 / (2 * beta)) in K by (field; lra).
    replace (fun w => w ^ 2 * p w) with (fun w => w ^ 2 * bell beta w / Z); [exact K |].
    apply FunctionalExtensionality.functional_extensionality; intro w; unfold p, bell; field; lra.
Qed.

(** Part 2: exp(-beta |w|)/Z with Z = 2/beta is the Laplace density with scale 1/beta, and its mean is 0 and its
    variance
    2/beta^2. *)
Theorem prop_priors_2 :
  forall beta : R, 0 < beta ->
  let Z := 2 / beta in
  let p w := exp (- (beta * Rabs w)) / Z in
  integral (fun w => exp (- (beta * Rabs w))) Z /\ (forall w, p w = Priors.laplace (1 / beta) w) /\
  integral (fun w => w * p w) 0 /\ integral (fun w => w ^ 2 * p w) (2 / beta ^ 2).
Proof.
  intros beta Hb Z p.
  assert (PZ : 0 < Z) by (apply Rdiv_lt_0_compat; lra).
  split; [exact (tent_integral beta Hb) |]; split; [| split].
  - intro w; unfold p, Priors.laplace, Z.
    replace (- Rabs w / (1 / beta)) with (- (beta * Rabs w)) by (field; lra). field; lra.
  - assert (K := integral_quotient _ _ Z (tent_mean beta Hb)).
    replace (0 / Z) with 0 in K by (field; lra).
    replace (fun w => w * p w) with (fun w => w * tent beta w / Z); [exact K |].
    apply FunctionalExtensionality.functional_extensionality; intro w; unfold p, tent; field; lra.
  - assert (K := integral_quotient _ _ Z (tent_second beta Hb)).
    replace (4 / beta ^ 3 / Z) with (2 / beta ^ 2) in K by (unfold Z; field; lra).
    replace (fun w => w ^ 2 * p w) with (fun w => w ^ 2 * tent beta w / Z); [exact K |].
    apply FunctionalExtensionality.functional_extensionality; intro w; unfold p, tent; field; lra.
Qed.

(** Near miss: the normalizer 1/beta for the Laplace density.  The integral is 2/beta, and no function has two. *)
Lemma miss_prop_priors_half :
  ~ (forall beta, 0 < beta -> integral (fun w => exp (- (beta * Rabs w))) (1 / beta)).
Proof.
  intro H; assert (K1 := H 1 Rlt_0_1); assert (K2 := tent_integral 1 Rlt_0_1); unfold tent in K2.
  assert (E1 := is_RInt_gen_unique (Fa := Rbar_locally m_infty) (Fb := Rbar_locally p_infty) _ _ K1).
  assert (E2 := is_RInt_gen_unique (Fa := Rbar_locally m_infty) (Fb := Rbar_locally p_infty) _ _ K2).
  rewrite E1 in E2; lra.
Qed.
