"""Turns the files of the template study into one C list; run by meson: embed.py OUTPUT FILE…"""
import os
import sys


def c_bytes(data):
    return ", ".join(str(byte) for byte in data)


def main(output, files):
    with open(output, "w", encoding="ascii") as out:
        out.write('#include "io/cli/template.h"\n\n')
        for i, path in enumerate(files):
            with open(path, "rb") as file:
                out.write(f"static const unsigned char file_{i}[] = {{{c_bytes(file.read())}}};\n")
        out.write("\nconst tj_template_file tj_template_files[] = {\n")
        for i, path in enumerate(files):
            out.write(f'    {{"{os.path.basename(path)}", file_{i}, sizeof file_{i}}},\n')
        out.write("    {0, 0, 0},\n};\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
