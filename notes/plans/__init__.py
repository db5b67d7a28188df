"""What a treatment is for: diagnoses, problems, goals, objectives and interventions of a chart."""
