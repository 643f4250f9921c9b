/** Published keys and their MD5s (ceph/s3-tests, minio/mint). */
export const key = 'pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=';
export const md5 = 'DWygnHRtgiJ77HCm+1rvHw==';
export const otherMd5 = 'arxBvwY2V4SiOne6yppVPQ==';
