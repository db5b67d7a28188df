"""Diagnoses by the codes of ICD-10-CM: the published list, and finding one's way in it."""
