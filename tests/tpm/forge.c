/* SPDX-License-Identifier: MIT */
/* Commands field by field; every choice is the generator's. */
#include "tests/tpm/forge.h"

#include "services/vtpm/ek.h"
#include "services/vtpm/template.h"
#include "services/vtpm/wire.h"

#define CODE_FIRST 0x11fu
#define CODE_LAST  0x19au
#define CODES	   (CODE_LAST - CODE_FIRST + 1)

static uint64_t state;

void forge_seed(uint64_t seed)
{
	state = seed * 0x9e3779b97f4a7c15ull + 1;
}

/* xorshift64*: the same storm on every machine. */
static uint32_t any(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 2685821657736338717ull) >> 32);
}

uint32_t forge_below(uint32_t limit)
{
	return any() % limit;
}

bool forge_one_in(uint32_t n)
{
	return forge_below(n) == 0;
}

static uint32_t any_handle(void)
{
	static const uint32_t bases[] = { 0,	       0x01800000u, 0x02000000u,
					  0x03000000u, 0x40000000u, 0x80000000u,
					  0x81000000u };

	if (forge_one_in(20))
		return any();
	return bases[forge_below(7)] + forge_below(forge_one_in(4) ? 24 : 3);
}

/* A hierarchy, or what is likely to exist. */
static uint32_t good_handle(void)
{
	static const uint32_t handles[] = {
		0x40000001u, 0x40000007u, 0x4000000au, 0x4000000bu, 0x4000000cu,
		0x80000000u, 0x80000001u, 16,	       0x03000000u, 0x01800000u
	};

	return forge_one_in(6) ? any_handle() : handles[forge_below(10)];
}

static uint16_t any_algorithm(void)
{
	static const uint16_t algorithms[] = { 1,    4,	   5,	 6,    8,
					       0xa,  0xb,  0xc,	 0xd,  0x10,
					       0x14, 0x15, 0x16, 0x18, 0x19,
					       0x22, 0x23, 0x25, 0x43, 0x44 };

	return forge_one_in(16) ? (uint16_t)any() : algorithms[forge_below(20)];
}

static void put_bytes(struct cursor_out *c, uint32_t count)
{
	uint8_t *to = cursor_out_take(c, count);

	for (uint32_t i = 0; to && i < count; i++)
		to[i] = (uint8_t)any();
}

/* TPM2B: mostly with as many bytes as it says. */
static void put_sized(struct cursor_out *c)
{
	uint32_t size = forge_one_in(8) ? forge_below(600)
					: forge_below(4) * 16;

	wire_put16(c, forge_one_in(16) ? any() : size);
	put_bytes(c, size);
}

static void put_auth(struct cursor_out *c)
{
	size_t size_at = cursor_out_offset(c);
	uint32_t areas = 1 + forge_below(3), size;

	wire_put32(c, 0);
	while (areas--) {
		wire_put32(c, forge_one_in(4) ? any_handle() : TPM_RS_PW);
		wire_put16(c, 0);
		cursor_out_u8(c, forge_one_in(8) ? (uint8_t)any() : 0);
		if (forge_one_in(8))
			put_sized(c);
		else
			wire_put16(c, 0);
	}
	if (c->failed)
		return;
	size = (uint32_t)(cursor_out_offset(c) - size_at - 4);
	if (forge_one_in(16))
		size += forge_below(9) - 4;
	size = __builtin_bswap32(size);
	memcpy(c->start + size_at, &size, 4);
}

/* A public area that some command may like. */
static void put_public(struct cursor_out *c)
{
	uint8_t area[EK_PUBLIC_MAX];
	struct cursor_out t = cursor_out_make(area, sizeof(area));
	size_t size;

	/* RSA keys take their time: one in many. */
	template_put(&t,
		     forge_one_in(40) ? VTPM_EK_RSA_2048 : 1 + forge_below(2));
	size = cursor_out_offset(&t);
	if (forge_one_in(3))
		area[forge_below((uint32_t)size)] = (uint8_t)any();
	wire_put16(c, (uint32_t)size);
	cursor_out_bytes(c, area, size);
}

static void put_selection(struct cursor_out *c)
{
	wire_put32(c, forge_one_in(16) ? any() : 1);
	wire_put16(c, any_algorithm());
	cursor_out_u8(c, forge_one_in(8) ? (uint8_t)any() : 3);
	put_bytes(c, 3);
}

static void put_parameter(struct cursor_out *c)
{
	switch (forge_below(8)) {
	case 0:
		cursor_out_u8(c, (uint8_t)forge_below(4));
		return;
	case 1:
		wire_put16(c, any_algorithm());
		return;
	case 2:
		wire_put32(c, forge_one_in(2) ? forge_below(16) : any_handle());
		return;
	case 3:
		put_public(c);
		return;
	case 4:
		put_selection(c);
		return;
	case 5:
		wire_put16(c, forge_below(64));
		return;
	default:
		put_sized(c);
	}
}

/* Commands whose every field is right: they make what others can use. */
static void put_create_primary(struct cursor_out *c)
{
	wire_begin(c, TPM_ST_SESSIONS, TPM_CC_CreatePrimary);
	wire_put32(c, 0x40000000u + (forge_one_in(2) ? 0xb : 7));
	wire_empty_auth(c);
	wire_put16(c, 4);
	wire_put32(c, 0);
	put_public(c);
	wire_put16(c, 0);
	wire_put32(c, 0);
}

static void put_session(struct cursor_out *c)
{
	wire_begin(c, TPM_ST_NO_SESSIONS, 0x176);
	wire_put32(c, 0x40000007u);
	wire_put32(c, 0x40000007u);
	wire_put16(c, 16);
	put_bytes(c, 16);
	wire_put16(c, 0);
	cursor_out_u8(c, (uint8_t)forge_below(3)); /* HMAC, policy, trial */
	wire_put16(c, 0x10);
	wire_put16(c, 0xb);
}

static void put_flush(struct cursor_out *c)
{
	wire_begin(c, TPM_ST_NO_SESSIONS, TPM_CC_FlushContext);
	wire_put32(c, forge_one_in(2) ? 0x80000000u + forge_below(3)
				      : 0x02000000u + (forge_below(2) << 24) +
						forge_below(3));
}

static void put_any(struct cursor_out *c)
{
	uint32_t code = CODE_FIRST + forge_below(CODES);
	bool auth = forge_one_in(2);

	/* Seldom what takes long: self tests. */
	if ((code == 0x142 || code == 0x143) && !forge_one_in(50))
		code = 0x17b;
	wire_begin(c, auth ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS,
		   forge_one_in(64) ? any() : code);
	for (uint32_t n = forge_below(4); n; n--)
		wire_put32(c, good_handle());
	if (auth)
		put_auth(c);
	for (uint32_t n = forge_below(6); n; n--)
		put_parameter(c);
}

/*
 * What commands look like. Handles: p PCR, o owner, e endorsement, n null, l
 * lockout, f platform, t object, P policy session, i NV index. Parameters: 1 2 4
 * numbers, y 0 or 1, 0 empty, b some bytes, h 32 bytes, a SHA-256, n null
 * hierarchy, N null algorithm, S PCR selection, D digest list, A sensitive area,
 * K public area, x persistent handle, X NV public area, c curve.
 */
static const struct shape {
	uint16_t code;
	const char *handles;
	uint8_t auths;
	const char *parameters;
} shapes[] = {
	{ 0x120, "ot", 1, "x" },    /* EvictControl */
	{ 0x122, "oi", 1, "" },	    /* NV_UndefineSpace */
	{ 0x126, "l", 1, "" },	    /* Clear */
	{ 0x127, "l", 1, "y" },	    /* ClearControl */
	{ 0x128, "o", 1, "44" },    /* ClockSet */
	{ 0x129, "o", 1, "0" },	    /* HierarchyChangeAuth */
	{ 0x12a, "o", 1, "0X" },    /* NV_DefineSpace */
	{ 0x12e, "e", 1, "0N" },    /* SetPrimaryPolicy */
	{ 0x130, "o", 1, "1" },	    /* ClockRateAdjust */
	{ 0x134, "ii", 1, "" },	    /* NV_Increment */
	{ 0x136, "ii", 1, "b" },    /* NV_Extend */
	{ 0x137, "ii", 1, "h2" },   /* NV_Write */
	{ 0x138, "ii", 1, "" },	    /* NV_WriteLock */
	{ 0x139, "l", 1, "" },	    /* DictionaryAttackLockReset */
	{ 0x13a, "l", 1, "444" },   /* DictionaryAttackParameters */
	{ 0x13c, "p", 1, "b" },	    /* PCR_Event */
	{ 0x13d, "p", 1, "" },	    /* PCR_Reset */
	{ 0x13e, "t", 1, "bn" },    /* SequenceComplete */
	{ 0x146, "", 0, "b" },	    /* StirRandom */
	{ 0x14e, "ii", 1, "22" },   /* NV_Read */
	{ 0x14f, "ii", 1, "" },	    /* NV_ReadLock */
	{ 0x151, "eP", 1, "0004" }, /* PolicySecret */
	{ 0x153, "t", 1, "AK0S" },  /* Create */
	{ 0x15b, "n", 0, "0a" },    /* HMAC_Start, of no key */
	{ 0x15c, "t", 1, "b" },	    /* SequenceUpdate */
	{ 0x162, "t", 0, "" },	    /* ContextSave */
	{ 0x163, "t", 0, "" },	    /* ECDH_KeyGen */
	{ 0x167, "", 0, "0Kn" },    /* LoadExternal */
	{ 0x168, "t", 0, "hh" },    /* MakeCredential */
	{ 0x169, "i", 0, "" },	    /* NV_ReadPublic */
	{ 0x16b, "P", 0, "" },	    /* PolicyAuthValue */
	{ 0x16c, "P", 0, "4" },	    /* PolicyCommandCode */
	{ 0x16e, "P", 0, "h" },	    /* PolicyCpHash */
	{ 0x16f, "P", 0, "1" },	    /* PolicyLocality */
	{ 0x170, "P", 0, "h" },	    /* PolicyNameHash */
	{ 0x171, "P", 0, "D" },	    /* PolicyOR */
	{ 0x173, "t", 0, "" },	    /* ReadPublic */
	{ 0x174, "t", 0, "bN0" },   /* RSA_Encrypt */
	{ 0x178, "", 0, "c" },	    /* ECC_Parameters */
	{ 0x17a, "", 0, "444" },    /* GetCapability */
	{ 0x17b, "", 0, "2" },	    /* GetRandom */
	{ 0x17c, "", 0, "" },	    /* GetTestResult */
	{ 0x17d, "", 0, "ban" },    /* Hash */
	{ 0x17e, "", 0, "S" },	    /* PCR_Read */
	{ 0x17f, "P", 0, "0S" },    /* PolicyPCR */
	{ 0x180, "P", 0, "" },	    /* PolicyRestart */
	{ 0x181, "", 0, "" },	    /* ReadClock */
	{ 0x182, "p", 1, "D" },	    /* PCR_Extend */
	{ 0x186, "", 0, "0a" },	    /* HashSequenceStart */
	{ 0x187, "P", 0, "" },	    /* PolicyPhysicalPresence */
	{ 0x189, "P", 0, "" },	    /* PolicyGetDigest */
	{ 0x18c, "P", 0, "" },	    /* PolicyPassword */
	{ 0x18e, "", 0, "c" },	    /* EC_Ephemeral */
	{ 0x18f, "P", 0, "y" },	    /* PolicyNvWritten */
};

static uint32_t shape_handle(char kind)
{
	switch (kind) {
	case 'p':
		return forge_below(24);
	case 'o':
		return 0x40000001u;
	case 'n':
		return 0x40000007u;
	case 'l':
		return 0x4000000au;
	case 'e':
		return 0x4000000bu;
	case 'f':
		return 0x4000000cu;
	case 't':
		return 0x80000000u + forge_below(3);
	case 'P':
		return 0x03000000u + forge_below(3);
	default:
		return 0x01800000u + forge_below(3);
	}
}

static void put_nv_public(struct cursor_out *c)
{
	/* AUTHREAD and AUTHWRITE; ordinary, counter, bits, extend. */
	static const uint32_t kinds[] = { 0x00040004u, 0x00040014u, 0x00040024u,
					  0x00040044u };
	uint32_t kind = forge_below(4);

	wire_put16(c, 14);
	wire_put32(c, shape_handle('i'));
	wire_put16(c, 0xb);
	wire_put32(c, kinds[kind]);
	wire_put16(c, 0);
	wire_put16(c, kind == 0 ? forge_below(64) : kind == 3 ? 32 : 8);
}

/* A counted list of digests: bare for PCRs, sized for policies. */
static void put_digests(struct cursor_out *c, bool sized)
{
	uint32_t count = sized ? 2 + forge_below(7) : 1;

	wire_put32(c, count);
	while (count--) {
		wire_put16(c, sized ? 32 : 0xb);
		put_bytes(c, 32);
	}
}

static void put_number(struct cursor_out *c, char kind)
{
	switch (kind) {
	case '1':
		cursor_out_u8(c, (uint8_t)forge_below(4));
		return;
	case 'y':
		cursor_out_u8(c, (uint8_t)forge_below(2));
		return;
	case '2':
		wire_put16(c, forge_below(40));
		return;
	case 'a':
		wire_put16(c, 0xb);
		return;
	case 'N':
		wire_put16(c, 0x10);
		return;
	case 'c':
		wire_put16(c, forge_below(6));
		return;
	case 'n':
		wire_put32(c, 0x40000007u);
		return;
	case 'x':
		wire_put32(c, 0x81000000u + forge_below(3));
		return;
	default:
		wire_put32(c, forge_below(12));
	}
}

static void put_kind(struct cursor_out *c, uint16_t code, char kind)
{
	switch (kind) {
	case '0':
		wire_put16(c, 0);
		return;
	case 'b':
		put_sized(c);
		return;
	case 'h':
		wire_put16(c, 32);
		put_bytes(c, 32);
		return;
	case 'S':
		put_selection(c);
		return;
	case 'D':
		put_digests(c, code == 0x171);
		return;
	case 'A':
		wire_put16(c, 4);
		wire_put32(c, 0);
		return;
	case 'K':
		put_public(c);
		return;
	case 'X':
		put_nv_public(c);
		return;
	default:
		put_number(c, kind);
	}
}

/* By its shape; now and then one field is another. */
static void put_shape(struct cursor_out *c)
{
	const struct shape *s =
		&shapes[forge_below(sizeof(shapes) / sizeof(shapes[0]))];

	wire_begin(c, s->auths ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS, s->code);
	for (const char *h = s->handles; *h; h++)
		wire_put32(c,
			   forge_one_in(16) ? any_handle() : shape_handle(*h));
	if (s->auths && !forge_one_in(16))
		wire_empty_auth(c);
	else if (s->auths)
		put_auth(c);
	for (const char *p = s->parameters; *p; p++)
		if (forge_one_in(16))
			put_parameter(c);
		else
			put_kind(c, s->code, *p);
}

void forge_command(struct cursor_out *c)
{
	switch (forge_below(16)) {
	case 0:
		put_create_primary(c);
		return;
	case 1:
		put_session(c);
		return;
	case 2:
		put_flush(c);
		return;
	case 3:
	case 4:
	case 5:
		put_any(c);
		return;
	default:
		put_shape(c);
	}
}
