/* SPDX-License-Identifier: MIT */
/* SHA-384 in plain C. */
#include "lib/sha384.h"

#include "lib/str.h"

/* Fractions of the cube roots of the first 80 primes. */
static const uint64_t round_words[80] = {
	0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f,
	0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
	0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242,
	0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
	0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
	0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
	0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275,
	0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
	0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f,
	0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
	0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc,
	0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
	0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6,
	0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
	0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
	0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
	0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99,
	0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
	0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc,
	0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
	0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915,
	0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
	0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba,
	0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
	0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
	0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
	0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

/* Fractions of the square roots of the ninth to sixteenth prime. */
static const uint64_t first_state[8] = {
	0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17,
	0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
	0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
};

static inline uint64_t rotate(uint64_t v, unsigned int by)
{
	return v >> by | v << (64 - by);
}

/* One round; instead of moving all eight words on, the names move (below). */
static inline void mix(const uint64_t *a, const uint64_t *b, const uint64_t *c,
		       uint64_t *d, const uint64_t *e, const uint64_t *f,
		       const uint64_t *g, uint64_t *h, uint64_t word)
{
	uint64_t one = *h + word + (*g ^ (*e & (*f ^ *g))) +
		       (rotate(*e, 14) ^ rotate(*e, 18) ^ rotate(*e, 41));

	*d += one;
	*h = one + ((*a & *b) | (*c & (*a | *b))) +
	     (rotate(*a, 28) ^ rotate(*a, 34) ^ rotate(*a, 39));
}

/* Eight rounds bring every word back to its name. */
static void mix_eight(uint64_t s[8], const uint64_t w[8], const uint64_t k[8])
{
	uint64_t a = s[0], b = s[1], c = s[2], d = s[3];
	uint64_t e = s[4], f = s[5], g = s[6], h = s[7];

	mix(&a, &b, &c, &d, &e, &f, &g, &h, w[0] + k[0]);
	mix(&h, &a, &b, &c, &d, &e, &f, &g, w[1] + k[1]);
	mix(&g, &h, &a, &b, &c, &d, &e, &f, w[2] + k[2]);
	mix(&f, &g, &h, &a, &b, &c, &d, &e, w[3] + k[3]);
	mix(&e, &f, &g, &h, &a, &b, &c, &d, w[4] + k[4]);
	mix(&d, &e, &f, &g, &h, &a, &b, &c, w[5] + k[5]);
	mix(&c, &d, &e, &f, &g, &h, &a, &b, w[6] + k[6]);
	mix(&b, &c, &d, &e, &f, &g, &h, &a, w[7] + k[7]);
	s[0] = a;
	s[1] = b;
	s[2] = c;
	s[3] = d;
	s[4] = e;
	s[5] = f;
	s[6] = g;
	s[7] = h;
}

static void compress(uint64_t h[8], const uint8_t *block)
{
	uint64_t w[80], s[8];

	for (unsigned int t = 0; t < 16; t++) {
		memcpy(&w[t], block + 8 * t, 8);
		w[t] = __builtin_bswap64(w[t]);
	}
	for (unsigned int t = 16; t < 80; t++) {
		uint64_t a = w[t - 15], b = w[t - 2];

		w[t] = w[t - 16] + w[t - 7] +
		       (rotate(a, 1) ^ rotate(a, 8) ^ a >> 7) +
		       (rotate(b, 19) ^ rotate(b, 61) ^ b >> 6);
	}
	memcpy(s, h, sizeof(s));
	for (unsigned int t = 0; t < 80; t += 8)
		mix_eight(s, w + t, round_words + t);
	for (unsigned int i = 0; i < 8; i++)
		h[i] += s[i];
}

void sha384_init(struct sha384 *s)
{
	memcpy(s->h, first_state, sizeof(s->h));
	s->length = 0;
}

void sha384_add(struct sha384 *s, const void *bytes, size_t size)
{
	const uint8_t *p = bytes;

	while (size) {
		size_t at = s->length % SHA384_BLOCK;
		size_t n = SHA384_BLOCK - at < size ? SHA384_BLOCK - at : size;

		s->length += n;
		size -= n;
		if (n == SHA384_BLOCK) {
			compress(s->h, p);
		} else {
			memcpy(s->block + at, p, n);
			if (at + n == SHA384_BLOCK)
				compress(s->h, s->block);
		}
		p += n;
	}
}

void sha384_end(struct sha384 *s, uint8_t digest[SHA384_SIZE])
{
	static const uint8_t padding[SHA384_BLOCK] = { 0x80 };
	uint64_t tail[2] = { 0, __builtin_bswap64(s->length * 8) };
	size_t at = s->length % SHA384_BLOCK;

	/* The length ends a block: 0x80, zeroes up to byte 112, 128 bits. */
	sha384_add(s, padding, (at < 112 ? 112 : 240) - at);
	sha384_add(s, tail, sizeof(tail));
	for (unsigned int i = 0; i < SHA384_SIZE / 8; i++) {
		uint64_t v = __builtin_bswap64(s->h[i]);

		memcpy(digest + 8 * i, &v, 8);
	}
	bytes_wipe(s, sizeof(*s));
}

void sha384_sum(const void *bytes, size_t size, uint8_t digest[SHA384_SIZE])
{
	struct sha384 s;

	sha384_init(&s);
	sha384_add(&s, bytes, size);
	sha384_end(&s, digest);
}
