#!/bin/sh
# Terraform for `cdktf`, as TERRAFORM_BINARY_NAME. cdktf-cli 0.21 stops reading soon after Terraform has ended, and loses the end of a long
# output: the error (open-constructs/cdk-terrain#169). One that fails therefore stays a moment, until all it said has been read.
trap : INT
"${STRATA_TERRAFORM:-terraform}" "$@"
status=$?
[ "$status" -eq 0 ] || sleep 1
exit "$status"
