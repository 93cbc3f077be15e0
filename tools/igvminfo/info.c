/* SPDX-License-Identifier: MIT */
/* Options of igvminfo and its flow. */
#include "tools/igvminfo/info.h"

#include <stdio.h>

#include "tools/common/args.h"
#include "tools/common/image.h"
#include "tools/common/say.h"
#include "tools/igvminfo/map.h"
#include "tools/igvminfo/params.h"
#include "tools/igvminfo/words.h"

static int print(const char *path, const struct igvm_file *f, bool map)
{
	enum err e = OK;

	if (map)
		e = map_print(f);
	else
		words_print(path, f);
	if (!map)
		params_print(f);
	if (e != OK) {
		say_error("out of memory");
		return TOOL_USAGE;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say_error("standard output: cannot be written");
		return TOOL_USAGE;
	}
	return TOOL_OK;
}

int info_run(int argc, char **argv)
{
	bool map = false;
	const struct arg_option options[] = {
		{ "map", 'm', NULL, "draw guest memory instead", ARG_FLAG,
		  &map },
	};
	const struct arg_program program = {
		.name = "igvminfo",
		.usage = "FILE [OPTIONS]",
		.summary = "Print every header of an IGVM file in words.",
		.footer = "Exit status: 0 printed, 1 wrong usage or file not "
			  "readable, 2 bad file.",
		.options = options,
		.option_count = ARRAY_COUNT(options),
		.words_min = 1,
		.words_max = 1,
	};
	struct args args;
	struct image image;
	enum err e;
	int code;

	if (!args_parse(&program, argc, argv, &args, &code))
		return code;
	e = image_open(args.words[0], &image);
	if (e != OK)
		return e == ERR_HOST ? TOOL_USAGE : TOOL_BAD_INPUT;
	code = print(args.words[0], &image.igvm, map);
	image_close(&image);
	return code;
}
