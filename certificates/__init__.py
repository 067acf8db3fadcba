"""What the bureau made final: issue documents and e-certificates (证书)."""
