"""Writes the lists with typst: lists.py ROWS.json FONT-DIR OUT.pdf"""
import sys, time, typst
rows, fonts, out = sys.argv[1:]
began = time.time()
typst.compile("lists.typ", output=out, font_paths=[fonts], ignore_system_fonts=True,
              sys_inputs={"rows": rows}, pdf_standards="a-2b")
print(f"{time.time() - began:.2f} s")
