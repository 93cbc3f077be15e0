/* SPDX-License-Identifier: MIT */
/* What the model of the security processor needs to know of this machine. */
#include "emu/launch.h"

#include "abi/x86/cpuid.h"
#include "emu/cpuid.h"
#include "lib/sha384.h"
#include "lib/str.h"

/* The firmware's interface played: SEV-SNP ABI 1.55. */
#define ABI_MAJOR 1u
#define ABI_MINOR 55u
#define THREADS	  0xffffu /* leaf 0xB, sub-leaf 0, EBX: threads of a core */

static struct cpuid_values processor_read(void *ctx, uint32_t leaf,
					  uint32_t sub)
{
	struct cpuid_regs r = cpuid_processor(leaf, sub);

	(void)ctx;
	return (struct cpuid_values){ r.eax, r.ebx, r.ecx, r.edx };
}

static const struct psp_machine *processor(void)
{
	static const struct cpuid_machine cpuid = { processor_read, NULL };
	static struct psp_machine m;

	m = (struct psp_machine){
		.hash = &launch_digest_sha384,
		.cpuid = &cpuid,
		.fms = cpuid_processor(CPUID_LEAF_FEATURES, 0).eax,
		.abi_major = ABI_MAJOR,
		.abi_minor = ABI_MINOR,
		.smt = (cpuid_processor(CPUID_LEAF_TOPOLOGY, 0).ebx & THREADS) >
		       1,
	};
	return &m;
}

static void keys_make(uint8_t vmpck[4][VMPCK_SIZE], uint32_t checksum,
		      uint64_t seed)
{
	struct {
		uint64_t seed;
		uint32_t checksum, key;
	} in = { seed, checksum, 0 };
	uint8_t digest[SHA384_SIZE];

	for (in.key = 0; in.key < 4; in.key++) {
		sha384_sum(&in, sizeof(in), digest);
		memcpy(vmpck[in.key], digest, VMPCK_SIZE);
	}
	bytes_wipe(digest, sizeof(digest));
}

uint32_t launch_start(struct psp *psp, const struct igvm_file *file,
		      uint64_t policy, uint64_t seed)
{
	struct psp_start start = { .policy = policy };
	uint32_t status;

	psp_init(psp, processor());
	keys_make(start.vmpck, file->checksum, seed);
	status = psp_launch_start(psp, &start);
	bytes_wipe(start.vmpck, sizeof(start.vmpck));
	return status;
}

uint32_t launch_finish(struct psp *psp, const struct igvm_snp_id_block *block)
{
	struct snp_id_block id = { .policy = psp->policy };
	struct psp_finish finish = { .id_block = NULL };

	if (block) {
		memcpy(id.ld, block->ld, sizeof(id.ld));
		memcpy(id.family_id, block->family_id, sizeof(id.family_id));
		memcpy(id.image_id, block->image_id, sizeof(id.image_id));
		id.version = block->version;
		id.guest_svn = block->guest_svn;
		finish.id_block = &id;
		/* taken on trust: there is no public-key code in here */
		finish.id_signature_ok = true;
		finish.author_signature_ok = true;
		finish.author_key_en = block->author_key_enabled;
	}
	bytes_wipe(psp->vmpck, sizeof(psp->vmpck));
	return psp_launch_finish(psp, &finish);
}

const char *launch_words(uint32_t status)
{
	switch (status) {
	case PSP_POLICY_FAILURE:
		return "the machine does not meet the guest policy";
	case PSP_BAD_VERSION:
		return "no such version of the ID block";
	case PSP_BAD_MEASUREMENT:
		return "the launch digest is not the one of the ID block";
	case PSP_INVALID_ADDRESS:
		return "the page is at no address of this machine";
	case PSP_INVALID_PAGE_STATE:
		return "the page cannot be made private";
	default:
		return "the security processor refuses it";
	}
}
