# SPDX-License-Identifier: GPL-2.0-only
"""Main mode with a pre-shared key, in four suites.

    strongswan_tunnels.py initiator|responder
"""

import sys

from strongswan_cases import Case, pre_shared, run
from strongswan_conf import SUITES, WITHOUT_PFS, connection, shared_secret


def main(role):
    return run(
        Case(
            str(suite),
            role,
            suite,
            connection(suite),
            {"tunnel office": pre_shared(suite)},
            secrets=shared_secret(),
        )
        for suite in SUITES + (WITHOUT_PFS,)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
